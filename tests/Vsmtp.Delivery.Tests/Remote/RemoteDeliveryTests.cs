using System.Net;
using System.Net.Sockets;
using Vsmtp.Contracts.Mail;
using Vsmtp.Delivery.Tests.Support;
using Vsmtp.Smtp.Client;
using Vsmtp.Smtp.Tests.Client;

namespace Vsmtp.Delivery.Tests.Remote;

public sealed class RemoteDeliveryTests
{
    private static readonly string[] Modern = ["PIPELINING", "SIZE 1000000", "8BITMIME", "SMTPUTF8", "DSN"];

    private static DeliveryOptions Relaying(ScriptedSmtpServer server) =>
        new() { ServerName = "vsmtp.example", RelayHost = DeliveryBench.RelayAt(server.Destination.Host, server.Destination.Port) };

    private static async Task EndAsync(ScriptedPeer peer)
    {
        if (await peer.ReadLineAsync() == "QUIT") await peer.SendAsync("221 bye\r\n");
    }

    [Fact]
    public async Task What_leaves_is_the_content_with_its_changes_and_nothing_else()
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync(Modern);
            Assert.Equal("EHLO vsmtp.example", peer.Lines[0]);
            var data = await peer.TakeMailAsync("250 2.0.0 queued\r\n");
            Assert.Equal("X-New: 1\r\nSubject: hello\r\n\r\nbody\r\n.\r\n", data);
            Assert.Equal("MAIL FROM:<a@client.example> SIZE=34 RET=HDRS ENVID=abc", peer.Lines[1]);
            Assert.Equal("RCPT TO:<b@mx.example> NOTIFY=NEVER ORCPT=rfc822;b@old.example", peer.Lines[2]);
            await EndAsync(peer);
        });
        await using var bench = new DeliveryBench(Relaying(server));
        var recipient = DeliveryBench.Relay("b@mx.example") with { Notify = "NEVER", OriginalRecipient = "rfc822;b@old.example" };
        var job = bench.Job(recipient);
        var report = await bench.DeliverAsync(job with
        {
            Envelope = job.Envelope with { Return = "HDRS", EnvelopeId = "abc" },
            HeaderChanges = [new HeaderChange(HeaderChangeKind.Prepend, "X-New", "1")],
        });
        Assert.Equal(
            [new RecipientReport("b@mx.example", DeliveryResult.Delivered, $"{server.Destination} said: 250 2.0.0 queued") { IsNotifiedByOthers = true }], report);
    }

    [Fact]
    public async Task Recipients_go_together_by_destination_and_each_gets_its_own_result()
    {
        await using var relay = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync();
            await peer.AnswerAsync("MAIL", "250 ok\r\n");
            await peer.AnswerAsync("RCPT TO:<b@", "250 ok\r\n");
            await peer.AnswerAsync("RCPT TO:<c@", "550 5.1.1 no c\r\n");
            await peer.AnswerAsync("RCPT TO:<d@", "450 4.2.1 d is busy\r\n");
            await peer.AnswerAsync("DATA", "354 go\r\n");
            await peer.ReadDataAsync();
            await peer.SendAsync("250 2.0.0 ok\r\n");
            await EndAsync(peer);
        });
        await using var other = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync();
            await peer.TakeMailAsync("554 5.7.1 spam\r\n");
            await EndAsync(peer);
        });
        await using var bench = new DeliveryBench(Relaying(relay));
        var report = await bench.DeliverAsync(bench.Job(
            DeliveryBench.Relay("b@mx.example"),
            DeliveryBench.Forward("e@mx.example", other.Destination),
            DeliveryBench.Relay("c@mx.example"),
            // The same place under another name of the route is the same destination.
            DeliveryBench.Forward("d@mx.example", relay.Destination),
            DeliveryBench.Relay("done@mx.example") with { Status = RecipientStatus.Delivered }));

        var byAddress = report.ToDictionary(recipient => recipient.Address);
        Assert.Equal(4, byAddress.Count);
        Assert.Equal(DeliveryResult.Delivered, byAddress["b@mx.example"].Result);
        Assert.Equal(DeliveryResult.Failed, byAddress["c@mx.example"].Result);
        Assert.Equal(DeliveryResult.Deferred, byAddress["d@mx.example"].Result);
        Assert.Equal(DeliveryResult.Failed, byAddress["e@mx.example"].Result);
        Assert.EndsWith("said: 550 5.1.1 no c", byAddress["c@mx.example"].Detail, StringComparison.Ordinal);
        Assert.StartsWith(other.Destination.ToString(), byAddress["e@mx.example"].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mails_to_one_destination_share_its_connections()
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync();
            for (var i = 0; i < 3; i++) await peer.TakeMailAsync();
            await peer.AnswerAsync("QUIT", "221 bye\r\n");
        });
        await using var bench = new DeliveryBench(Relaying(server));
        for (var i = 1; i <= 3; i++)
        {
            Assert.Equal(DeliveryResult.Delivered, (await bench.DeliverAsync(bench.Job(DeliveryBench.Relay("b@mx.example")) with { Attempt = i }))[0].Result);
        }

        await bench.DisposeAsync();
        Assert.Equal(1, server.Accepted);
    }

    [Theory]
    [InlineData("554 5.7.1 not you\r\n")]
    [InlineData("421 too busy\r\n")]
    [InlineData("")]
    public async Task Trouble_to_connect_defers(string banner)
    {
        await using var server = new ScriptedSmtpServer(peer => peer.SendAsync(banner));
        await using var bench = new DeliveryBench(Relaying(server));
        var report = await bench.DeliverAsync(bench.Job(DeliveryBench.Relay("b@mx.example"), DeliveryBench.Relay("c@mx.example")));
        Assert.Equal([DeliveryResult.Deferred, DeliveryResult.Deferred], report.Select(recipient => recipient.Result));
        Assert.Contains(banner.TrimEnd(), report[0].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_conversation_that_breaks_defers_all_that_were_in_it()
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync();
            await peer.TakeEnvelopeAsync(2);
            await peer.ReadDataAsync();
        });
        await using var bench = new DeliveryBench(Relaying(server));
        var report = await bench.DeliverAsync(bench.Job(DeliveryBench.Relay("b@mx.example"), DeliveryBench.Relay("c@mx.example")));
        Assert.All(report, recipient => Assert.Equal(DeliveryResult.Deferred, recipient.Result));
        Assert.Contains("EndOfData", report[0].Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[::1]:{0}", "::1")]
    [InlineData("127.0.0.1:{0}", "127.0.0.1")]
    [InlineData("localhost:{0}", "127.0.0.1")]
    public async Task A_forward_target_is_a_host_or_an_address_with_a_port(string target, string listenOn)
    {
        var address = IPAddress.Parse(listenOn);
        if (address.AddressFamily == AddressFamily.InterNetworkV6 && !Socket.OSSupportsIPv6) Assert.Skip("This machine has no IPv6.");
        ScriptedSmtpServer server;
        try
        {
            server = new ScriptedSmtpServer(address, async peer =>
            {
                await peer.GreetAsync();
                await peer.TakeMailAsync();
                await EndAsync(peer);
            });
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressNotAvailable)
        {
            Assert.Skip($"This machine has no {listenOn}.");
            return;
        }

        await using var _ = server;
        await using var bench = new DeliveryBench();
        var forward = string.Format(System.Globalization.CultureInfo.InvariantCulture, target, server.Destination.Port);
        Assert.Equal(DeliveryResult.Delivered, (await bench.DeliverAsync(bench.Job(DeliveryBench.Forward("b@mx.example", forward))))[0].Result);
    }

    [Fact]
    public async Task Without_a_route_a_recipient_waits_with_a_reason()
    {
        await using var bench = new DeliveryBench();
        var report = await bench.DeliverAsync(bench.Job(
            DeliveryBench.Relay("b@mx.example"),
            DeliveryBench.Forward("c@mx.example", "not a host"),
            new MailRecipient { Address = "no-such-account-here@mx.example", Transport = TransportKind.Mbox },
            new MailRecipient { Address = "e@mx.example", Transport = TransportKind.None }));
        var byAddress = report.ToDictionary(recipient => recipient.Address);
        Assert.Equal((DeliveryResult.Failed, "there is no domain mx.example"), (byAddress["b@mx.example"].Result, byAddress["b@mx.example"].Detail));
        Assert.Equal(DeliveryResult.Deferred, byAddress["c@mx.example"].Result);
        Assert.Contains("'not a host'", byAddress["c@mx.example"].Detail, StringComparison.Ordinal);
        Assert.Equal((DeliveryResult.Failed, "5.1.1"), (byAddress["no-such-account-here@mx.example"].Result, byAddress["no-such-account-here@mx.example"].Failure!.Status));
        Assert.Equal(DeliveryResult.Failed, byAddress["e@mx.example"].Result);
    }

    [Theory]
    [InlineData("Subject: x\r\n\r\nascii\r\n", false, "", null)]
    [InlineData("Subject: x\r\n\r\ncaf\u00e9\r\n", false, "", "5.6.3")]
    [InlineData("Subject: x\r\n\r\ncaf\u00e9\r\n", false, "8BITMIME", null)]
    [InlineData("Subject: \u00c3\u00a9\r\n\r\nascii\r\n", true, "8BITMIME", "5.6.7")]
    [InlineData("Subject: \u00c3\u00a9\r\n\r\nascii\r\n", false, "8BITMIME", null)]
    [InlineData("Subject: x\r\n\r\nascii\r\n", true, "8BITMIME", null)]
    public async Task What_the_server_cannot_carry_fails_for_good(string content, bool isUtf8, string announced, string? status)
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync(announced);
            if (status is null) Assert.Equal(content + ".\r\n", await peer.TakeMailAsync());
            await EndAsync(peer);
        });
        await using var bench = new DeliveryBench(Relaying(server));
        var job = bench.Job(bench.Contents.Add(content), DeliveryBench.Relay("b@mx.example"));
        var report = await bench.DeliverAsync(job with { Envelope = job.Envelope with { IsUtf8 = isUtf8 } });
        Assert.Equal(status is null ? DeliveryResult.Delivered : DeliveryResult.Failed, report[0].Result);
        if (status is not null) Assert.Contains($"not sent to {server.Destination}: 55", report[0].Detail, StringComparison.Ordinal);
        Assert.Contains(status ?? "250", report[0].Detail, StringComparison.Ordinal);
        await bench.DisposeAsync();
    }

    [Fact]
    public async Task Eight_bit_content_is_declared_though_the_client_did_not()
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync(Modern);
            await peer.TakeMailAsync();
            Assert.Contains(" BODY=8BITMIME", peer.Lines[1], StringComparison.Ordinal);
            await EndAsync(peer);
        });
        await using var bench = new DeliveryBench(Relaying(server));
        var content = bench.Contents.Add("Subject: x\r\n\r\n" + new string('x', 100_000) + "\u00e9\r\n");
        Assert.Equal(DeliveryResult.Delivered, (await bench.DeliverAsync(bench.Job(content, DeliveryBench.Relay("b@mx.example"))))[0].Result);
        await bench.DisposeAsync();
    }

    [Fact]
    public async Task More_recipients_than_a_transaction_takes_go_in_several()
    {
        await using var server = new ScriptedSmtpServer(repeatsLast: true, async peer =>
        {
            await peer.GreetAsync("PIPELINING");
            while (await peer.ReadLineAsync() is { } line && line != "QUIT")
            {
                Assert.StartsWith("MAIL", line, StringComparison.Ordinal);
                var recipients = 0;
                while ((await peer.ReadLineAsync())!.StartsWith("RCPT", StringComparison.Ordinal)) recipients++;
                Assert.InRange(recipients, 1, 100);
                for (var i = 0; i <= recipients; i++) await peer.SendAsync("250 ok\r\n");
                await peer.SendAsync("354 go\r\n");
                await peer.ReadDataAsync();
                await peer.SendAsync("250 ok\r\n");
            }

            await peer.SendAsync("221 bye\r\n");
        });
        await using var bench = new DeliveryBench(Relaying(server));
        var all = Enumerable.Range(0, 250).Select(i => DeliveryBench.Relay($"r{i}@mx.example")).ToArray();
        var report = await bench.DeliverAsync(bench.Job(all));
        Assert.Equal(all.Select(recipient => recipient.Address), report.Select(recipient => recipient.Address));
        Assert.All(report, recipient => Assert.Equal(DeliveryResult.Delivered, recipient.Result));
        await bench.DisposeAsync();
    }

    [Fact]
    public async Task Control_characters_of_a_reply_do_not_reach_the_history()
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync();
            await peer.TakeMailAsync("550 \u001b[2Jgone\u0007\r\n");
            await EndAsync(peer);
        });
        await using var bench = new DeliveryBench(Relaying(server));
        var report = await bench.DeliverAsync(bench.Job(DeliveryBench.Relay("b@mx.example")));
        Assert.EndsWith("550 ?[2Jgone?", report[0].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_URL_may_name_an_LMTP_server_which_answers_for_each_recipient()
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.SendAsync("220 mx.example LMTP\r\n");
            await peer.TakeHelloAsync("LHLO ", "8BITMIME");
            await peer.TakeEnvelopeAsync(recipients: 3);
            await peer.ReadDataAsync();
            await peer.SendAsync("250 2.1.5 b\r\n552 5.2.2 c is full\r\n450 4.2.1 d later\r\n");
            await EndAsync(peer);
        });
        await using var bench = new DeliveryBench();
        var target = $"lmtp://{server.Destination}";
        var report = await bench.DeliverAsync(bench.Job(
            DeliveryBench.Forward("b@mx.example", target), DeliveryBench.Forward("c@mx.example", target), DeliveryBench.Forward("d@mx.example", target)));
        Assert.Equal([DeliveryResult.Delivered, DeliveryResult.Failed, DeliveryResult.Deferred], report.Select(one => one.Result));
        Assert.Equal("5.2.2", report[1].Failure!.Status);
        await bench.DisposeAsync();
    }

    [Theory]
    [InlineData("nobody listens", "4.4.1")]
    [InlineData("hangs up", "4.4.2")]
    [InlineData("says nonsense", "4.5.0")]
    [InlineData("says 354", "4.5.0")]
    [InlineData("no STARTTLS", "4.7.10")]
    [InlineData("nonsense for a handshake", "4.7.5")]
    public async Task Where_there_is_no_session_the_status_says_what_was_missing(string trouble, string status)
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            if (trouble == "hangs up") return;
            if (trouble is "says nonsense" or "says 354")
            {
                await peer.SendAsync(trouble == "says 354" ? "354 go on\r\n" : "I have no numbers\r\n");
                await peer.DrainAsync(long.MaxValue);
                return;
            }

            await peer.GreetAsync(trouble == "no STARTTLS" ? [] : ["STARTTLS"]);
            if (trouble == "no STARTTLS") return;
            await peer.AnswerAsync("STARTTLS", "220 go ahead\r\n");
            await peer.DrainAsync(1);
            await peer.SendAsync("no TLS is to be had here\r\n");
        });
        var host = trouble == "nobody listens" ? "127.0.0.2" : "127.0.0.1";
        await using var bench = new DeliveryBench();
        var target = $"smtp://{host}:{server.Destination.Port}?tls=required";
        var report = Assert.Single(await bench.DeliverAsync(bench.Job(DeliveryBench.Forward("b@mx.example", target))));
        Assert.Equal((DeliveryResult.Deferred, status), (report.Result, report.Failure!.Status));
    }

    [Fact]
    public async Task A_name_and_a_password_in_a_URL_sign_on_and_are_in_no_report()
    {
        await using var server = new ScriptedSmtpServer(
            async peer =>
            {
                await peer.GreetAsync("AUTH PLAIN");
                await peer.AnswerAsync("AUTH PLAIN AG1lAHNlY3JldA==", "535 5.7.8 no\r\n");
            });
        await using var bench = new DeliveryBench();
        var report = Assert.Single(await bench.DeliverAsync(bench.Job(DeliveryBench.Forward("b@mx.example", $"smtp://me:secret@{server.Destination}?tls=none"))));
        Assert.Equal((DeliveryResult.Deferred, "5.7.8"), (report.Result, report.Failure!.Status));
        Assert.DoesNotContain("secret", report.ToString(), StringComparison.Ordinal);
    }
}
