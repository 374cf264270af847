using System.Collections.Immutable;
using System.Net;
using Vsmtp.Contracts.Mail;
using Vsmtp.Delivery.Tests.Support;
using Vsmtp.Smtp.Tests.Client;

namespace Vsmtp.Delivery.Tests.Exchanges;

/// <summary>Which servers a mail to a domain is brought to, and what becomes of it there (RFC 5321 §5.1).</summary>
public sealed class ExchangeTests
{
    private static readonly MailRecipient Bob = DeliveryBench.Relay("bob@b.example");

    private static DeliveryBench Bench(Zone zone, int port, params IPEndPoint[] listeners) => new(
        new DeliveryOptions { ServerName = "vsmtp.example", RemotePort = port, Listeners = [.. listeners] }, zone);

    private static Zone TwoHosts => new Zone().Mx("b.example", 10, "one.b.example").Mx("b.example", 20, "two.b.example")
        .A("one.b.example", "127.0.0.1").A("two.b.example", "127.0.0.2");

    private static ScriptedSmtpServer Second(ScriptedSmtpServer first, params Func<ScriptedPeer, Task>[] scripts) =>
        new(new IPEndPoint(IPAddress.Parse("127.0.0.2"), first.Destination.Port), scripts);

    private static async Task TakeAsync(ScriptedPeer peer)
    {
        await peer.GreetAsync();
        await peer.TakeMailAsync();
        await EndAsync(peer);
    }

    private static async Task EndAsync(ScriptedPeer peer)
    {
        if (await peer.ReadLineAsync() is "QUIT") await peer.SendAsync("221 bye\r\n");
    }

    [Fact]
    public async Task The_host_with_the_lowest_preference_gets_it()
    {
        await using var first = new ScriptedSmtpServer(TakeAsync);
        await using var second = Second(first);
        await using var bench = Bench(TwoHosts, first.Destination.Port);
        var report = Assert.Single(await bench.DeliverAsync(bench.Job(Bob)));
        Assert.Equal(DeliveryResult.Delivered, report.Result);
        Assert.StartsWith($"one.b.example:{first.Destination.Port} (127.0.0.1) said: 250", report.Detail, StringComparison.Ordinal);
        await bench.DisposeAsync();
    }

    [Fact]
    public async Task Mail_of_a_secured_sender_leaves_under_TLS_only_and_others_as_ever()
    {
        using var certificates = new ScriptedCertificates();
        await using var inClear = new ScriptedSmtpServer(TakeAsync);
        await using var underTls = Second(inClear, async peer =>
        {
            await peer.GreetAsync("STARTTLS");
            await peer.AnswerAsync("STARTTLS", "220 go\r\n");
            await peer.SecureAsync(certificates.MakeSelfSigned("other.example"));
            await peer.TakeHelloAsync("EHLO vsmtp.example");
            await peer.TakeMailAsync();
            await EndAsync(peer);
        });
        var secured = ImmutableHashSet.Create(StringComparer.OrdinalIgnoreCase, "Client.example");
        await using var bench = new DeliveryBench(
            new DeliveryOptions { ServerName = "vsmtp.example", RemotePort = inClear.Destination.Port, SecuredSenders = secured }, TwoHosts);
        var report = Assert.Single(await bench.DeliverAsync(bench.Job(Bob)));
        Assert.Equal(DeliveryResult.Delivered, report.Result);
        Assert.Contains("two.b.example", report.Detail, StringComparison.Ordinal);

        var job = bench.Job(Bob);
        var other = Assert.Single(await bench.DeliverAsync(job with { Envelope = job.Envelope with { Sender = "a@other.example" } }));
        Assert.StartsWith("one.b.example", other.Detail, StringComparison.Ordinal);
        await bench.DisposeAsync();
    }

    [Fact]
    public async Task Mail_of_a_secured_sender_waits_where_nobody_has_TLS()
    {
        await using var inClear = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync("SIZE");
            await EndAsync(peer);
        });
        var secured = ImmutableHashSet.Create(StringComparer.OrdinalIgnoreCase, "client.example");
        await using var bench = new DeliveryBench(
            new DeliveryOptions { ServerName = "vsmtp.example", RemotePort = inClear.Destination.Port, SecuredSenders = secured },
            new Zone().A("b.example", "127.0.0.1"));
        var report = Assert.Single(await bench.DeliverAsync(bench.Job(Bob)));
        Assert.Equal(DeliveryResult.Deferred, report.Result);
        Assert.Contains(
            "451 4.7.0 The sender's mail leaves under TLS only and the next server has none that works", report.Detail, StringComparison.Ordinal);
        await bench.DisposeAsync();
    }

    [Fact]
    public async Task Without_an_MX_the_domain_itself_is_the_host()
    {
        await using var server = new ScriptedSmtpServer(TakeAsync);
        await using var bench = Bench(new Zone().A("b.example", "127.0.0.1"), server.Destination.Port);
        Assert.Equal(DeliveryResult.Delivered, Assert.Single(await bench.DeliverAsync(bench.Job(Bob))).Result);
        await bench.DisposeAsync();
    }

    [Fact]
    public async Task An_address_literal_needs_no_look_up()
    {
        await using var server = new ScriptedSmtpServer(TakeAsync);
        await using var bench = Bench(new Zone(), server.Destination.Port);
        Assert.Equal(DeliveryResult.Delivered, Assert.Single(await bench.DeliverAsync(bench.Job(DeliveryBench.Relay("bob@[127.0.0.1]")))).Result);
        await bench.DisposeAsync();
    }

    [Theory]
    [InlineData("5.1.2", DeliveryResult.Failed)]
    [InlineData("5.1.10", DeliveryResult.Failed)]
    [InlineData("5.4.4", DeliveryResult.Failed)]
    [InlineData("5.4.6", DeliveryResult.Failed)]
    [InlineData("4.4.3", DeliveryResult.Deferred)]
    public async Task What_DNS_says_decides_where_there_is_no_server(string status, DeliveryResult result)
    {
        var zone = status switch
        {
            "5.1.2" => new Zone(),
            "5.1.10" => new Zone().Mx("b.example", 0, "."),
            "5.4.4" => new Zone().Name("b.example"),
            "5.4.6" => new Zone().Mx("b.example", 10, "VSMTP.example.").A("vsmtp.example", "127.0.0.1").Mx("b.example", 20, "two.b.example").A("two.b.example", "127.0.0.2"),
            _ => new Zone().Broken("b.example"),
        };
        await using var bench = Bench(zone, port: 9);
        var report = Assert.Single(await bench.DeliverAsync(bench.Job(Bob)));
        Assert.Equal((result, status), (report.Result, report.Failure!.Status));
        Assert.Contains("b.example", report.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_whose_address_is_our_own_is_a_loop_and_those_before_it_are_tried()
    {
        await using var first = new ScriptedSmtpServer(async peer =>
        {
            await peer.SendAsync("421 4.3.2 later\r\n");
        });
        var own = new IPEndPoint(IPAddress.Parse("127.0.0.2"), first.Destination.Port);
        await using var bench = Bench(TwoHosts, first.Destination.Port, own);
        var report = Assert.Single(await bench.DeliverAsync(bench.Job(Bob)));
        Assert.Equal((DeliveryResult.Deferred, "4.3.2"), (report.Result, report.Failure!.Status));

        await using var alone = Bench(new Zone().A("b.example", "127.0.0.2"), own.Port, new IPEndPoint(IPAddress.Any, own.Port));
        report = Assert.Single(await alone.DeliverAsync(alone.Job(Bob)));
        Assert.Equal((DeliveryResult.Failed, "5.4.6"), (report.Result, report.Failure!.Status));
    }

    [Theory]
    [InlineData("nobody there")]
    [InlineData("closes at once")]
    [InlineData("220 wait; 421 to EHLO")]
    [InlineData("554 at the banner")]
    [InlineData("521 at the banner")]
    [InlineData("421 to MAIL")]
    [InlineData("451 to RCPT")]
    [InlineData("closes at MAIL")]
    [InlineData("451 to the dot")]
    public async Task The_next_host_is_tried_where_the_first_took_nothing(string trouble)
    {
        var first = trouble == "nobody there" ? null : new ScriptedSmtpServer(peer => MakeTroubleAsync(peer, trouble));
        await using var taker = first is null
            ? new ScriptedSmtpServer(IPAddress.Parse("127.0.0.2"), TakeAsync) : Second(first, TakeAsync);
        await using var bench = Bench(TwoHosts, taker.Destination.Port);
        var report = Assert.Single(await bench.DeliverAsync(bench.Job(Bob)));
        Assert.Equal((DeliveryResult.Delivered, null), (report.Result, report.Failure));
        Assert.StartsWith("two.b.example", report.Detail, StringComparison.Ordinal);
        await bench.DisposeAsync();
        if (first is not null) await first.DisposeAsync();
    }

    [Fact]
    public async Task Behind_the_final_dot_nobody_else_is_tried_since_the_server_may_have_it()
    {
        await using var first = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync();
            await peer.TakeEnvelopeAsync();
            await peer.ReadDataAsync();
        });
        await using var second = Second(first);
        await using var bench = Bench(TwoHosts, first.Destination.Port);
        var report = Assert.Single(await bench.DeliverAsync(bench.Job(Bob)));
        Assert.Equal((DeliveryResult.Deferred, "4.4.2", 0), (report.Result, report.Failure!.Status, second.Accepted));
    }

    [Fact]
    public async Task A_refusal_for_good_is_the_last_word_and_only_those_without_one_go_to_the_next_host()
    {
        await using var first = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync();
            await peer.AnswerAsync("MAIL", "250 ok\r\n");
            await peer.AnswerAsync("RCPT TO:<bob@", "250 ok\r\n");
            await peer.AnswerAsync("RCPT TO:<eve@", "550 5.1.1 no eve\r\n");
            await peer.AnswerAsync("RCPT TO:<kim@", "450 4.2.2 full\r\n");
            await peer.AnswerAsync("DATA", "354 go\r\n");
            await peer.ReadDataAsync();
            await peer.SendAsync("250 ok\r\n");
            await EndAsync(peer);
        });
        await using var second = Second(first, async peer =>
        {
            await peer.GreetAsync();
            await peer.AnswerAsync("MAIL", "250 ok\r\n");
            await peer.AnswerAsync("RCPT TO:<kim@", "452 4.2.2 full here too\r\n");
            await peer.AnswerAsync("RSET", "250 ok\r\n");
            await EndAsync(peer);
        });
        await using var bench = Bench(TwoHosts, first.Destination.Port);
        var report = await bench.DeliverAsync(bench.Job(Bob, DeliveryBench.Relay("eve@b.example"), DeliveryBench.Relay("kim@b.example")));
        Assert.Equal([DeliveryResult.Delivered, DeliveryResult.Failed, DeliveryResult.Deferred], report.Select(one => one.Result));
        Assert.Equal("550 5.1.1 no eve", report[1].Failure!.Reply);
        Assert.Equal(("two.b.example", "452 4.2.2 full here too"), (report[2].Failure!.Server, report[2].Failure!.Reply));
        await bench.DisposeAsync();
    }

    [Fact]
    public async Task A_domain_all_of_whose_hosts_take_no_mail_at_all_is_given_up()
    {
        Func<ScriptedPeer, Task> never = peer => peer.SendAsync("521 5.3.2 no mail here\r\n");
        await using var first = new ScriptedSmtpServer(never);
        await using var second = Second(first, never);
        await using var bench = Bench(TwoHosts, first.Destination.Port);
        var report = Assert.Single(await bench.DeliverAsync(bench.Job(Bob)));
        Assert.Equal((DeliveryResult.Failed, "5.3.2"), (report.Result, report.Failure!.Status));
    }

    [Fact]
    public async Task A_domain_at_which_nobody_answered_is_left_alone_for_a_while()
    {
        await using var listening = new ScriptedSmtpServer();
        var port = listening.Destination.Port;
        await using var bench = Bench(new Zone().A("b.example", "127.0.0.2"), port);
        for (var attempt = 1; attempt <= 2; attempt++)
            Assert.Contains("refused", Assert.Single(await bench.DeliverAsync(bench.Job(Bob) with { Attempt = attempt })).Detail, StringComparison.OrdinalIgnoreCase);
        var report = Assert.Single(await bench.DeliverAsync(bench.Job(Bob) with { Attempt = 3 }));
        Assert.Equal((DeliveryResult.Deferred, "4.4.1"), (report.Result, report.Failure!.Status));
        Assert.Contains("not tried for now", report.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Domains_of_one_host_share_its_connection()
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync();
            await peer.TakeMailAsync();
            await peer.TakeMailAsync();
            await EndAsync(peer);
        });
        var zone = new Zone().Mx("b.example", 1, "mx.example").Mx("c.example", 1, "mx.example").A("mx.example", "127.0.0.1");
        await using var bench = Bench(zone, server.Destination.Port);
        await bench.DeliverAsync(bench.Job(Bob));
        await bench.DeliverAsync(bench.Job(DeliveryBench.Relay("c@c.example")) with { Attempt = 2 });
        await bench.DisposeAsync();
        Assert.Equal(1, server.Accepted);
    }

    private static async Task MakeTroubleAsync(ScriptedPeer peer, string trouble)
    {
        switch (trouble)
        {
            case "closes at once":
                return;
            case "554 at the banner":
                await peer.SendAsync("554 5.7.1 not you\r\n");
                return;
            case "521 at the banner":
                await peer.SendAsync("521 5.3.2 no mail here\r\n");
                return;
            case "220 wait; 421 to EHLO":
                await peer.SendAsync("220 wait\r\n");
                await peer.AnswerAsync("EHLO", "421 4.3.2 no\r\n");
                return;
        }

        await peer.GreetAsync();
        if (trouble == "closes at MAIL") return;
        await peer.AnswerAsync("MAIL", trouble == "421 to MAIL" ? "421 4.3.2 no\r\n" : "250 ok\r\n");
        if (trouble == "421 to MAIL") return;
        await peer.AnswerAsync("RCPT", trouble == "451 to RCPT" ? "451 4.7.1 greylisted\r\n" : "250 ok\r\n");
        if (trouble == "451 to RCPT")
        {
            await peer.AnswerAsync("RSET", "250 ok\r\n");
            await EndAsync(peer);
            return;
        }

        await peer.AnswerAsync("DATA", "354 go\r\n");
        await peer.ReadDataAsync();
        await peer.SendAsync("451 4.3.0 later\r\n");
        await EndAsync(peer);
    }
}
