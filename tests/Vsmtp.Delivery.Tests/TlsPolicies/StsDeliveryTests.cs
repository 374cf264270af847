using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Vsmtp.Contracts.Mail;
using Vsmtp.Delivery.Tests.Support;
using Vsmtp.Smtp.Tests.Client;

namespace Vsmtp.Delivery.Tests.TlsPolicies;

/// <summary>Mail to domains that say by MTA-STS how it must come (RFC 8461 §4, §5).</summary>
public sealed class StsDeliveryTests : IAsyncLifetime
{
    private const string Enforced = "version: STSv1\nmode: enforce\nmx: one.b.example\nmax_age: 604800\n";
    private const string Tested = "version: STSv1\nmode: testing\nmx: one.b.example\nmax_age: 604800\n";
    private const string RecordName = "_mta-sts.b.example";

    private static readonly MailRecipient Bob = DeliveryBench.Relay("bob@b.example");

    private readonly ScriptedCertificates _certificates = new();
    private readonly HeardLog _log = new();

    private readonly Zone _zone = new Zone().Mx("b.example", 10, "one.b.example").A("one.b.example", "127.0.0.1")
        .Txt(RecordName, "v=STSv1; ", "id=1;").A("mta-sts.b.example", "127.0.0.1");

    private PolicyHost _host = null!;
    private int _attempts;

    public async ValueTask InitializeAsync() => _host = await PolicyHost.StartAsync(_certificates.Make("mta-sts.b.example"), Enforced);

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _certificates.Dispose();
    }

    private DeliveryBench Bench(ScriptedSmtpServer server, RecordingGrains? grains = null) => new(
        new DeliveryOptions
        {
            ServerName = "vsmtp.example",
            RemotePort = server.Destination.Port,
            PolicyPort = _host.Port,
            WorldAuthorities = _certificates.Pem,
        },
        _zone, grains, _log);

    private async Task<RecipientReport> DeliverAsync(DeliveryBench bench, MailRecipient? to = null) =>
        Assert.Single(await bench.DeliverAsync(bench.Job(to ?? Bob) with { Attempt = ++_attempts }));

    private static async Task TakeInClearAsync(ScriptedPeer peer)
    {
        await peer.GreetAsync();
        await peer.TakeMailAsync();
        await EndAsync(peer);
    }

    private static Func<ScriptedPeer, Task> TakeSecured(X509Certificate2 certificate, int mails = 1) => async peer =>
    {
        await SecureAsync(peer, certificate);
        for (var i = 0; i < mails; i++) await peer.TakeMailAsync();
        await EndAsync(peer);
    };

    private static async Task SecureAsync(ScriptedPeer peer, X509Certificate2 certificate)
    {
        await peer.GreetAsync("STARTTLS");
        await peer.AnswerAsync("STARTTLS", "220 go ahead\r\n");
        await peer.SecureAsync(certificate);
        await peer.TakeHelloAsync("EHLO ");
    }

    /// <summary>Shows a certificate with which the client must not be content.</summary>
    private static Func<ScriptedPeer, Task> Rejected(X509Certificate2 certificate) => async peer =>
    {
        try
        {
            await SecureAsync(peer, certificate);
        }
        catch (Exception e) when (e is AuthenticationException or IOException || e.Message.Contains("(closed)", StringComparison.Ordinal))
        {
            return;
        }

        throw new InvalidOperationException("The client was content with the certificate.");
    };

    /// <summary>Announces no STARTTLS, with which the client must not be content.</summary>
    private static async Task OfferNoTlsAsync(ScriptedPeer peer)
    {
        await peer.GreetAsync();
        await peer.ExpectCloseAsync();
    }

    private static async Task EndAsync(ScriptedPeer peer)
    {
        if (await peer.ReadLineAsync() is "QUIT") await peer.SendAsync("221 bye\r\n");
    }

    private static void AssertHeldUp(RecipientReport report, string status, string why)
    {
        Assert.Equal((DeliveryResult.Deferred, status), (report.Result, report.Failure!.Status));
        Assert.Contains("MTA-STS policy of b.example: ", report.Detail, StringComparison.Ordinal);
        Assert.Contains(why, report.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("there is no text")]
    [InlineData("another text")]
    [InlineData("two records")]
    [InlineData("it cannot be looked up")]
    public async Task Without_a_record_nothing_is_fetched_and_mail_goes_as_ever(string record)
    {
        _ = record switch
        {
            "there is no text" => _zone.Without(RecordName),
            "another text" => _zone.Without(RecordName).Txt(RecordName, "v=spf1 -all"),
            "two records" => _zone.Txt(RecordName, "v=STSv1; id=2"),
            _ => _zone.Broken(RecordName),
        };
        await using var server = new ScriptedSmtpServer(TakeInClearAsync);
        await using var bench = Bench(server);
        Assert.Equal(DeliveryResult.Delivered, (await DeliverAsync(bench)).Result);
        await bench.DisposeAsync();
        Assert.Equal(0, _host.Requests);
    }

    [Fact]
    public async Task A_server_that_proves_its_name_gets_mails_and_the_policy_is_fetched_once()
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await TakeSecured(_certificates.Make("one.b.example"), mails: 2)(peer);
            Assert.Equal("one.b.example", peer.RequestedName);
        });
        await using var bench = Bench(server);
        Assert.Equal(DeliveryResult.Delivered, (await DeliverAsync(bench)).Result);
        Assert.Equal(DeliveryResult.Delivered, (await DeliverAsync(bench)).Result);
        await bench.DisposeAsync();
        Assert.Equal(1, _host.Requests);
        Assert.Empty(_log.Warnings);
    }

    [Theory]
    [InlineData("another name", "RemoteCertificateNameMismatch")]
    [InlineData("expired", "NotTimeValid")]
    [InlineData("self-signed", "UntrustedRoot")]
    [InlineData("unknown authority", "RemoteCertificateChainErrors")]
    [InlineData("common name", "does not have its name among the alternative names")]
    public async Task A_server_that_does_not_prove_its_name_gets_nothing(string fault, string why)
    {
        using var others = new ScriptedCertificates();
        var certificate = fault switch
        {
            "another name" => _certificates.Make("b.example", "two.b.example"),
            "expired" => _certificates.MakeExpired("one.b.example"),
            "self-signed" => _certificates.MakeSelfSigned("one.b.example"),
            "common name" => _certificates.MakeOfCommonName("one.b.example"),
            _ => others.Make("one.b.example"),
        };
        await using var server = new ScriptedSmtpServer(Rejected(certificate));
        await using var bench = Bench(server);
        AssertHeldUp(await DeliverAsync(bench), "4.7.5", why);
    }

    [Fact]
    public async Task A_server_without_TLS_gets_nothing()
    {
        await using var server = new ScriptedSmtpServer(OfferNoTlsAsync, async peer =>
        {
            await peer.GreetAsync("STARTTLS");
            await peer.AnswerAsync("STARTTLS", "454 4.7.0 not now\r\n");
            await peer.ExpectCloseAsync();
        });
        await using var bench = Bench(server);
        AssertHeldUp(await DeliverAsync(bench), "4.7.10", "does not announce STARTTLS");
        AssertHeldUp(await DeliverAsync(bench), "4.7.0", "454 4.7.0 not now");
    }

    [Fact]
    public async Task A_host_that_the_policy_does_not_name_is_not_even_connected_to()
    {
        _zone.Without("b.example").Mx("b.example", 10, "mx.evil.example").A("mx.evil.example", "127.0.0.1");
        await using var server = new ScriptedSmtpServer();
        await using var bench = Bench(server);
        AssertHeldUp(await DeliverAsync(bench), "4.7.0", "mx.evil.example is none of the servers that it names");
        Assert.Equal(0, server.Accepted);
    }

    [Fact]
    public async Task The_next_host_gets_it_where_the_first_is_not_named_and_the_second_has_no_TLS()
    {
        _host.Answer = PolicyHost.Text(Enforced.Replace("one.b.example", "*.b.example", StringComparison.Ordinal));
        _zone.Without("b.example").Mx("b.example", 1, "mx.evil.example").Mx("b.example", 10, "one.b.example").Mx("b.example", 20, "two.b.example")
            .A("two.b.example", "127.0.0.2");
        await using var first = new ScriptedSmtpServer(OfferNoTlsAsync);
        await using var second = new ScriptedSmtpServer(
            new IPEndPoint(IPAddress.Parse("127.0.0.2"), first.Destination.Port), TakeSecured(_certificates.Make("two.b.example")));
        await using var bench = Bench(first);
        var report = await DeliverAsync(bench);
        Assert.Equal(DeliveryResult.Delivered, report.Result);
        Assert.StartsWith("two.b.example", report.Detail, StringComparison.Ordinal);
        await bench.DisposeAsync();
    }

    [Fact]
    public async Task Without_an_MX_the_domain_itself_is_the_host_that_must_be_named()
    {
        _zone.Without("b.example").A("b.example", "127.0.0.1");
        await using var server = new ScriptedSmtpServer(TakeSecured(_certificates.Make("b.example")));
        await using var bench = Bench(server);
        AssertHeldUp(await DeliverAsync(bench), "4.7.0", "b.example is none of the servers");
        _host.Answer = PolicyHost.Text(Enforced.Replace("one.b.example", "b.example", StringComparison.Ordinal));
        _zone.Without(RecordName).Txt(RecordName, "v=STSv1; id=2");
        Assert.Equal(DeliveryResult.Delivered, (await DeliverAsync(bench)).Result);
        await bench.DisposeAsync();
    }

    [Theory]
    [InlineData("mx.bücher.example", "*.xn--bcher-kva.example", null)]
    [InlineData("mx_1.b.example", "*.b.example", "RemoteCertificateNameMismatch")]
    public async Task Names_of_hosts_are_compared_as_certificates_have_them(string host, string pattern, string? why)
    {
        _host.Answer = PolicyHost.Text(Enforced.Replace("one.b.example", pattern, StringComparison.Ordinal));
        _zone.Without("b.example").Mx("b.example", 10, host).A(host, "127.0.0.1");
        var certificate = _certificates.Make(pattern);
        await using var server = new ScriptedSmtpServer(why is null ? TakeSecured(certificate) : Rejected(certificate));
        await using var bench = Bench(server);
        var report = await DeliverAsync(bench);
        if (why is null) Assert.Equal(DeliveryResult.Delivered, report.Result);
        else AssertHeldUp(report, "4.7.5", why);
        await bench.DisposeAsync();
    }

    [Theory]
    [InlineData("redirected", "the answer is 302, not 200", 1)]
    [InlineData("not there", "the answer is 404, not 200", 1)]
    [InlineData("not there, with a policy", "the answer is 404, not 200", 1)]
    [InlineData("html", "the answer is text/html, not text/plain", 1)]
    [InlineData("no media type", "the answer is of no media type, not text/plain", 1)]
    [InlineData("too large", "the answer has more than 65536 octets", 1)]
    [InlineData("no end of headers", "header", 1)]
    [InlineData("no policy", "its mode is not enforce, testing or none", 1)]
    [InlineData("another name", "RemoteCertificateNameMismatch", 0)]
    [InlineData("expired", "NotTimeValid", 0)]
    [InlineData("self-signed", "UntrustedRoot", 0)]
    [InlineData("common name", "does not have its name among the alternative names", 0)]
    [InlineData("no address", "it has no address", 0)]
    [InlineData("addresses unknown", "its addresses could not be looked up: 192.0.2.53 said SERVFAIL", 0)]
    public async Task A_policy_that_cannot_be_had_holds_nothing_up_and_is_not_asked_for_again_at_once(string fault, string why, int requests)
    {
        _host.Answer = fault switch
        {
            "redirected" => context =>
            {
                context.Response.Redirect($"https://mta-sts.b.example:{_host.Port}/.well-known/mta-sts.txt?again");
                return Task.CompletedTask;
            },
            "not there" => PolicyHost.Text("", status: 404),
            "not there, with a policy" => PolicyHost.Text(Enforced, status: 404),
            "html" => PolicyHost.Text(Enforced, "text/html"),
            "no media type" => PolicyHost.Text(Enforced, mediaType: ""),
            "too large" => PolicyHost.Text(Enforced + new string('\n', 65_537 - Enforced.Length)),
            "no end of headers" => context =>
            {
                for (var i = 0; i < 40; i++) context.Response.Headers[$"X-{i}"] = new string('x', 1000);
                return PolicyHost.Text(Enforced)(context);
            },
            "no policy" => PolicyHost.Text(Enforced.Replace("enforce", "perhaps", StringComparison.Ordinal)),
            _ => PolicyHost.Text(Enforced),
        };
        _host.Certificate = fault switch
        {
            "another name" => _certificates.Make("b.example", "www.b.example"),
            "expired" => _certificates.MakeExpired("mta-sts.b.example"),
            "self-signed" => _certificates.MakeSelfSigned("mta-sts.b.example"),
            "common name" => _certificates.MakeOfCommonName("mta-sts.b.example"),
            _ => _host.Certificate,
        };
        if (fault == "no address") _zone.Without("mta-sts.b.example");
        if (fault == "addresses unknown") _zone.Broken("mta-sts.b.example");
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync();
            await peer.TakeMailAsync();
            await peer.TakeMailAsync();
            await EndAsync(peer);
        });
        await using var bench = Bench(server);
        Assert.Equal(DeliveryResult.Delivered, (await DeliverAsync(bench)).Result);
        Assert.Equal(DeliveryResult.Delivered, (await DeliverAsync(bench)).Result);
        await bench.DisposeAsync();
        Assert.Equal(requests, _host.Requests);
        var warning = Assert.Single(_log.Warnings);
        Assert.Contains("b.example: DNS speaks of an MTA-STS policy that could not be had; mail goes as if there were none", warning, StringComparison.Ordinal);
        Assert.Contains(why, warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_id_in_DNS_has_the_policy_fetched_anew()
    {
        _host.Answer = PolicyHost.Text(Enforced.Replace("one.", "old.", StringComparison.Ordinal));
        await using var server = new ScriptedSmtpServer(TakeSecured(_certificates.Make("one.b.example")));
        await using var bench = Bench(server);
        AssertHeldUp(await DeliverAsync(bench), "4.7.0", "one.b.example is none of the servers");
        _host.Answer = PolicyHost.Text(Enforced);
        AssertHeldUp(await DeliverAsync(bench), "4.7.0", "one.b.example is none of the servers");
        Assert.Equal(1, _host.Requests);

        _zone.Without(RecordName).Txt(RecordName, "v=STSv1; id=2");
        Assert.Equal(DeliveryResult.Delivered, (await DeliverAsync(bench)).Result);
        await bench.DisposeAsync();
        Assert.Equal(2, _host.Requests);
    }

    [Fact]
    public async Task A_policy_holds_on_when_its_successor_cannot_be_had_and_when_DNS_speaks_of_it_no_more()
    {
        await using var server = new ScriptedSmtpServer(TakeSecured(_certificates.Make("one.b.example")), OfferNoTlsAsync, OfferNoTlsAsync);
        await using var bench = Bench(server);
        Assert.Equal(DeliveryResult.Delivered, (await DeliverAsync(bench)).Result);
        await bench.DisposeAsync();

        await using var later = Bench(server, bench.Grains);
        _host.Answer = PolicyHost.Text("", status: 503);
        _zone.Without(RecordName).Txt(RecordName, "v=STSv1; id=2");
        AssertHeldUp(await DeliverAsync(later), "4.7.10", "does not announce STARTTLS");
        Assert.Contains("holds on", Assert.Single(_log.Warnings), StringComparison.Ordinal);

        _zone.Without(RecordName);
        AssertHeldUp(await DeliverAsync(later), "4.7.10", "does not announce STARTTLS");
    }

    [Fact]
    public async Task A_domain_that_only_tests_gets_its_mail_and_what_would_have_held_it_up_is_told()
    {
        _host.Answer = PolicyHost.Text(Tested);
        await using var server = new ScriptedSmtpServer(TakeInClearAsync);
        await using var bench = Bench(server);
        Assert.Equal(DeliveryResult.Delivered, (await DeliverAsync(bench)).Result);
        await bench.DisposeAsync();
        Assert.Contains("MTA-STS policy of b.example: one.b.example", Assert.Single(_log.Warnings), StringComparison.Ordinal);
        Assert.Contains("not under TLS", Assert.Single(_log.Warnings), StringComparison.Ordinal);

        _log.Warnings.Clear();
        await using var unproven = new ScriptedSmtpServer(TakeSecured(_certificates.MakeExpired("one.b.example")));
        await using var second = Bench(unproven);
        Assert.Equal(DeliveryResult.Delivered, (await DeliverAsync(second)).Result);
        await second.DisposeAsync();
        Assert.Contains("NotTimeValid", Assert.Single(_log.Warnings), StringComparison.Ordinal);

        _log.Warnings.Clear();
        await using var proven = new ScriptedSmtpServer(TakeSecured(_certificates.Make("one.b.example")));
        await using var third = Bench(proven);
        Assert.Equal(DeliveryResult.Delivered, (await DeliverAsync(third)).Result);
        await third.DisposeAsync();
        Assert.Empty(_log.Warnings);

        _zone.Without("b.example").Mx("b.example", 10, "two.b.example").A("two.b.example", "127.0.0.1");
        await using var unnamed = new ScriptedSmtpServer(TakeSecured(_certificates.Make("two.b.example")));
        await using var fourth = Bench(unnamed);
        Assert.Equal(DeliveryResult.Delivered, (await DeliverAsync(fourth)).Result);
        await fourth.DisposeAsync();
        Assert.Contains("two.b.example is none of the servers", Assert.Single(_log.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_mode_none_demands_nothing()
    {
        _host.Answer = PolicyHost.Text("version: STSv1\nmode: none\nmax_age: 86400\n");
        await using var server = new ScriptedSmtpServer(TakeInClearAsync);
        await using var bench = Bench(server);
        Assert.Equal(DeliveryResult.Delivered, (await DeliverAsync(bench)).Result);
        await bench.DisposeAsync();
        Assert.Equal(1, _host.Requests);
        Assert.Empty(_log.Warnings);
    }

    [Fact]
    public async Task A_connection_made_for_a_domain_that_demands_nothing_is_of_no_use_to_one_that_demands()
    {
        _zone.Mx("c.example", 1, "one.b.example");
        var secured = TakeSecured(_certificates.MakeSelfSigned("one.b.example"), mails: 2);
        await using var server = new ScriptedSmtpServer(secured, Rejected(_certificates.MakeSelfSigned("one.b.example")));
        await using var bench = Bench(server);
        var kim = DeliveryBench.Relay("kim@c.example");
        Assert.Equal(DeliveryResult.Delivered, (await DeliverAsync(bench, kim)).Result);
        AssertHeldUp(await DeliverAsync(bench), "4.7.5", "UntrustedRoot");
        Assert.Equal(DeliveryResult.Delivered, (await DeliverAsync(bench, kim)).Result);
        await bench.DisposeAsync();
        Assert.Equal(2, server.Accepted);
    }

    [Fact]
    public async Task Mails_that_come_together_share_one_look_up()
    {
        var asked = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        _host.Answer = async context =>
        {
            asked.TrySetResult();
            await go.Task;
            await PolicyHost.Text(Enforced)(context);
        };
        await using var server = new ScriptedSmtpServer(repeatsLast: true, async peer =>
        {
            await SecureAsync(peer, _certificates.Make("one.b.example"));
            while (await peer.ReadLineAsync() is { } line)
            {
                await peer.SendAsync(line switch { "DATA" => "354 go\r\n", "QUIT" => "221 bye\r\n", _ => "250 ok\r\n" });
                if (line != "DATA") continue;
                await peer.ReadDataAsync();
                await peer.SendAsync("250 ok\r\n");
            }
        });
        await using var bench = Bench(server);
        Assert.True(bench.Worker.Offer(bench.Job(Bob)));
        Assert.True(bench.Worker.Offer(bench.Job(Bob) with { Attempt = 2 }));
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        go.SetResult();
        for (var i = 0; i < 2; i++) Assert.Equal(DeliveryResult.Delivered, (await bench.Grains.NextAsync<DeliveryReport>()).Report.Recipients[0].Result);
        await bench.DisposeAsync();
        Assert.Equal(1, _host.Requests);
    }
}
