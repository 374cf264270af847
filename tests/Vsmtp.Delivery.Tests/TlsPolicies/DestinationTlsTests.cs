using System.Collections.Immutable;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Vsmtp.Contracts.Mail;
using Vsmtp.Delivery.Tests.Support;
using Vsmtp.Mail.Transfer;
using Vsmtp.Smtp.Tests.Client;

namespace Vsmtp.Delivery.Tests.TlsPolicies;

/// <summary>What a site asks of the TLS of those whom it sends mail to, alone and beside what others ask.</summary>
public sealed class DestinationTlsTests : IDisposable
{
    private readonly ScriptedCertificates _certificates = new();
    private readonly Zone _zone = new Zone().Mx("b.example", 10, "one.b.example").A("one.b.example", "127.0.0.1");

    public void Dispose() => _certificates.Dispose();

    private static MailRecipient To(string domain) => DeliveryBench.Relay($"bob@{domain}");

    private DeliveryBench Bench(ScriptedSmtpServer server, DeliveryOptions options, HeardLog? log = null) => new(
        options with { RemotePort = server.Destination.Port, WorldAuthorities = _certificates.Pem }, _zone, log: log);

    private static DeliveryOptions Site(TlsLevel byDefault, params (string Domain, TlsRule Rule)[] domains) => new()
    {
        ServerName = "vsmtp.example",
        Tls = new DestinationTls
        {
            Default = byDefault,
            Domains = domains.ToImmutableSortedDictionary(one => one.Domain, one => one.Rule, StringComparer.Ordinal),
        },
    };

    private static DeliveryOptions RelayingTo(string host, ScriptedSmtpServer server, TlsLevel level) => new()
    {
        ServerName = "vsmtp.example",
        RelayHost = new ForwardUrl(host, server.Destination.Port, TransferProtocol.Smtp, level, IsTlsFirst: false),
    };

    private static async Task<RecipientReport> DeliverAsync(DeliveryBench bench, MailRecipient to)
    {
        var report = Assert.Single(await bench.DeliverAsync(bench.Job(to)));
        await bench.DisposeAsync();
        return report;
    }

    private static async Task TakeInClearAsync(ScriptedPeer peer)
    {
        await peer.GreetAsync("STARTTLS");
        await peer.TakeMailAsync();
        await EndAsync(peer);
    }

    private static async Task OfferNoTlsAsync(ScriptedPeer peer)
    {
        await peer.GreetAsync();
        await peer.ExpectCloseAsync();
    }

    private static async Task BreakHandshakeAsync(ScriptedPeer peer)
    {
        await peer.GreetAsync("STARTTLS");
        await peer.AnswerAsync("STARTTLS", "220 go\r\n");
        await peer.DrainAsync(1);
        await peer.SendAsync("454 4.7.0 TLS is out of order\r\n");
    }

    private static Func<ScriptedPeer, Task> TakeSecured(X509Certificate2 certificate) => async peer =>
    {
        await SecureAsync(peer, certificate);
        await peer.TakeMailAsync();
        await EndAsync(peer);
    };

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

    private static async Task SecureAsync(ScriptedPeer peer, X509Certificate2 certificate)
    {
        await peer.GreetAsync("STARTTLS");
        await peer.AnswerAsync("STARTTLS", "220 go\r\n");
        await peer.SecureAsync(certificate);
        await peer.TakeHelloAsync("EHLO ", "SMTPUTF8");
    }

    private static async Task EndAsync(ScriptedPeer peer)
    {
        if (await peer.ReadLineAsync() is "QUIT") await peer.SendAsync("221 bye\r\n");
    }

    private static void AssertHeldUp(RecipientReport report, string status, params string[] words)
    {
        Assert.Equal((DeliveryResult.Deferred, status), (report.Result, report.Failure!.Status));
        Assert.All(words, word => Assert.Contains(word, report.Detail, StringComparison.Ordinal));
    }

    [Fact]
    public async Task None_does_not_ask_for_what_is_offered()
    {
        await using var server = new ScriptedSmtpServer(TakeInClearAsync);
        var report = await DeliverAsync(Bench(server, Site(TlsLevel.Encrypt, ("b.example", new TlsRule(TlsLevel.None)))), To("B.Example"));
        Assert.Equal(DeliveryResult.Delivered, report.Result);
    }

    [Theory]
    [InlineData("b.example", "b.example", "b.example")]
    [InlineData("b.example", "B.EXAMPLE", "b.example")]
    [InlineData("xn--bcher-kva.example", "bücher.example", "xn--bcher-kva.example")]
    [InlineData(".example", "b.example", ".example")]
    [InlineData("c.example", "b.example", "all domains")]
    public async Task Encrypt_takes_any_certificate_and_nothing_in_clear(string key, string domain, string named)
    {
        _zone.Without(domain).Mx(domain, 10, "one.b.example");
        var site = Site(named == "all domains" ? TlsLevel.Encrypt : TlsLevel.May, (key, new TlsRule(TlsLevel.Encrypt)));
        await using var server = new ScriptedSmtpServer(OfferNoTlsAsync, TakeSecured(_certificates.MakeSelfSigned("other.example")));
        AssertHeldUp(
            await DeliverAsync(Bench(server, site), To(domain)), "4.7.10",
            $"TLS as this site asks it of {named}: one.b.example:", "does not announce STARTTLS");
        Assert.Equal(DeliveryResult.Delivered, (await DeliverAsync(Bench(server, site), To(domain))).Result);
    }

    [Theory]
    [InlineData("one.b.example", null, null)]
    [InlineData("b.example", null, "RemoteCertificateNameMismatch")]
    [InlineData("b.example", "b.example", null)]
    [InlineData("*.b.example", ".b.example", null)]
    [InlineData("one.b.example", "b.example", "its certificate is for one.b.example, and is to be for b.example")]
    public async Task Verify_wants_the_name_of_the_host_or_one_of_those_given(string certificate, string? match, string? why)
    {
        var site = Site(TlsLevel.May, ("b.example", new TlsRule(TlsLevel.Verify, match is null ? null : new CertificateNames([match]))));
        var shown = _certificates.Make(certificate);
        await using var server = new ScriptedSmtpServer(why is null ? TakeSecured(shown) : Rejected(shown));
        var report = await DeliverAsync(Bench(server, site), To("b.example"));
        if (why is null) Assert.Equal(DeliveryResult.Delivered, report.Result);
        else AssertHeldUp(report, "4.7.5", "TLS as this site asks it of b.example: one.b.example:", why);
    }

    [Theory]
    [InlineData("enforce", TlsLevel.None, null, "4.7.5", "MTA-STS policy of b.example: one.b.example:")]
    [InlineData("enforce", TlsLevel.Encrypt, null, "4.7.5", "MTA-STS policy of b.example: one.b.example:")]
    [InlineData("enforce", TlsLevel.Verify, "other.example", "4.7.5", "MTA-STS policy of b.example, and TLS as this site asks it of b.example: one.b.example:")]
    [InlineData("enforce", TlsLevel.Verify, "b.example", "4.7.5", "MTA-STS policy of b.example, and TLS as this site asks it of b.example: one.b.example:")]
    [InlineData("testing", TlsLevel.Verify, null, "4.7.5", "TLS as this site asks it of b.example: one.b.example:")]
    [InlineData("testing", TlsLevel.Encrypt, null, null, "")]
    [InlineData("testing", TlsLevel.Verify, "other.example", null, "")]
    public async Task Of_site_and_policy_the_stricter_holds_and_a_certificate_is_for_whom_both_ask(
        string mode, TlsLevel level, string? match, string? status, string words)
    {
        await using var host = await PolicyHost.StartAsync(
            _certificates.Make("mta-sts.b.example"), $"version: STSv1\nmode: {mode}\nmx: one.b.example\nmax_age: 604800\n");
        _zone.Txt("_mta-sts.b.example", "v=STSv1; id=1;").A("mta-sts.b.example", "127.0.0.1");
        var site = Site(TlsLevel.May, ("b.example", new TlsRule(level, match is null ? null : new CertificateNames([match])))) with { PolicyPort = host.Port };
        var shown = _certificates.Make("other.example");
        var log = new HeardLog();
        await using var server = new ScriptedSmtpServer(status is null ? TakeSecured(shown) : Rejected(shown));
        var report = await DeliverAsync(Bench(server, site, log), To("b.example"));
        if (status is null) Assert.Equal(DeliveryResult.Delivered, report.Result);
        else AssertHeldUp(report, status, words);
        var isToldOfTrial = mode == "testing" && level == TlsLevel.Encrypt;
        Assert.Equal(isToldOfTrial ? 1 : 0, log.Warnings.Count(warning => warning.Contains("MTA-STS policy of b.example: one.b.example", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_certificate_that_has_the_names_of_site_and_policy_serves_both()
    {
        await using var host = await PolicyHost.StartAsync(
            _certificates.Make("mta-sts.b.example"), "version: STSv1\nmode: enforce\nmx: one.b.example\nmax_age: 604800\n");
        _zone.Txt("_mta-sts.b.example", "v=STSv1; id=1;").A("mta-sts.b.example", "127.0.0.1");
        var site = Site(TlsLevel.May, ("b.example", new TlsRule(TlsLevel.Verify, new CertificateNames(["b.example"])))) with { PolicyPort = host.Port };
        await using var server = new ScriptedSmtpServer(TakeSecured(_certificates.Make("b.example", "one.b.example")));
        Assert.Equal(DeliveryResult.Delivered, (await DeliverAsync(Bench(server, site), To("b.example"))).Result);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Mail_of_a_secured_sender_has_TLS_tried_where_the_site_wants_none(bool byRelay)
    {
        await using var server = new ScriptedSmtpServer(TakeSecured(_certificates.MakeSelfSigned("other.example")));
        var options = byRelay ? RelayingTo(Environment.MachineName, server, TlsLevel.None) : Site(TlsLevel.None);
        var secured = ImmutableHashSet.Create(StringComparer.OrdinalIgnoreCase, "client.example");
        var report = await DeliverAsync(Bench(server, options with { SecuredSenders = secured }), To("b.example"));
        Assert.Equal(DeliveryResult.Delivered, report.Result);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task With_may_a_server_whose_handshake_is_broken_gets_it_in_clear(bool byRelay)
    {
        await using var server = new ScriptedSmtpServer(BreakHandshakeAsync, TakeInClearAsync);
        var options = byRelay ? RelayingTo("localhost", server, TlsLevel.May) : Site(TlsLevel.May);
        Assert.Equal(DeliveryResult.Delivered, (await DeliverAsync(Bench(server, options), To("b.example"))).Result);
        Assert.Equal(2, server.Accepted);
    }

    [Theory]
    [InlineData(true, null)]
    [InlineData(false, "its certificate does not prove its name: RemoteCertificateNameMismatch")]
    public async Task A_relay_host_that_is_to_be_verified_is_asked_for_its_own_name(bool isItsOwn, string? why)
    {
        var shown = _certificates.Make(isItsOwn ? "localhost" : "other.example");
        await using var server = new ScriptedSmtpServer(isItsOwn ? TakeSecured(shown) : Rejected(shown));
        var report = await DeliverAsync(Bench(server, RelayingTo("localhost", server, TlsLevel.Verify)), To("b.example"));
        if (why is null) Assert.Equal(DeliveryResult.Delivered, report.Result);
        else AssertHeldUp(report, "4.7.5", $"localhost:{server.Destination.Port}: TLS failed: {why}");
    }
}
