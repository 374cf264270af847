using System.Text;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Mail;
using Vsmtp.Delivery.Delegation;
using Vsmtp.Delivery.Tests.Support;
using Vsmtp.Mail.Delegation;
using Vsmtp.Smtp.Tests.Client;

namespace Vsmtp.Delivery.Tests.Delegation;

public sealed class DelegationSenderTests
{
    /// <summary>What clamsmtpd announces: the list of our receiver.</summary>
    private static readonly string[] Clamsmtpd = ["8BITMIME", "SIZE 1000000", "XFORWARD", "ENHANCEDSTATUSCODES", "DSN", "SMTPUTF8"];

    /// <summary>Closes quietly, whether or not the client says goodbye.</summary>
    private static async Task EndAsync(ScriptedPeer peer)
    {
        if (await peer.ReadLineAsync() == "QUIT") await peer.SendAsync("221 bye\r\n");
    }

    private static Func<ScriptedPeer, Task> Takes(Action<string, ScriptedPeer> check, int recipients = 1) => async peer =>
    {
        await peer.GreetAsync(Clamsmtpd);
        check(await peer.TakeMailAsync("250 2.0.0 Ok\r\n", recipients), peer);
        await EndAsync(peer);
    };

    [Fact]
    public async Task A_mail_goes_with_its_ticket_under_its_own_envelope()
    {
        await using var bench = new DelegationBench();
        await using var server = new ScriptedSmtpServer(Takes((data, peer) =>
        {
            Assert.Equal("EHLO vsmtp.example", peer.Lines[0]);
            var size = Encoding.Latin1.GetByteCount(data) - ".\r\n".Length;
            Assert.Equal($"MAIL FROM:<a@client.example> SIZE={size} ENVID={bench.Ticket.ToEnvid()}", peer.Lines[1]);
            Assert.Equal(["RCPT TO:<c@mx.example>", "RCPT TO:<b@mx.example>"], peer.Lines[2..4]);
            var header = new DelegationHeader("postq", "check email for virus", DelegationBench.MailId, bench.Ticket).ToValue();
            Assert.Equal($"X-VSMTP-DELEGATION: {header}\r\n{DelegationBench.Message}.\r\n", data);
        }, recipients: 2));

        var job = bench.Job(DelegationBench.Service(server), DelegationBench.Message, 3, "c@mx.example", "b@mx.example");
        var report = await bench.SendAsync(job);
        Assert.Equal(new DelegationReport(3, DelegationSendResult.Accepted, "250 2.0.0 Ok"), report);
        await bench.DisposeAsync();
    }

    [Fact]
    public async Task Only_the_service_may_say_what_its_headers_say()
    {
        await using var bench = new DelegationBench();
        await using var server = new ScriptedSmtpServer(Takes((data, _) => Assert.Equal(
            "New: 1\r\nSubject: hello\r\nX-Keep: me\r\n\r\nX-Virus-Scanned: body\r\n.\r\n",
            data[(data.IndexOf("\r\n", StringComparison.Ordinal) + 2)..])));

        var service = DelegationBench.Service(server) with { Proof = ["X-Virus-Scanned", "x-virus-infected"], VerdictHeaders = ["X-Spam"] };
        var job = bench.Job(service,
            "X-Vsmtp-Delegation: sent; id=\"forged\"\r\nX-Virus-Scanned: yes\r\n folded\r\nSubject: hello\r\nX-VIRUS-INFECTED: no\r\n"
            + "X-Spam: 1\r\nX-Keep: me\r\nX-SPAM: 2\r\n\r\nX-Virus-Scanned: body\r\n") with
        {
            HeaderChanges =
            [
                new HeaderChange(HeaderChangeKind.Prepend, "New", "1"),
                new HeaderChange(HeaderChangeKind.Append, "X-Virus-Scanned", "by a rule"),
            ],
        };
        Assert.Equal(DelegationSendResult.Accepted, (await bench.SendAsync(job)).Result);
        await bench.DisposeAsync();
    }

    [Theory]
    [InlineData("", "\r\n.\r\n")]
    [InlineData("\r\n", "\r\n.\r\n")]
    [InlineData("Subject: x", "Subject: x\r\n\r\n.\r\n")]
    [InlineData("Subject: x\r\n", "Subject: x\r\n\r\n.\r\n")]
    [InlineData("Subject: x\r\n\r\n", "Subject: x\r\n\r\n.\r\n")]
    [InlineData("Subject: x\r\n\r\n.dot\r\nno end", "Subject: x\r\n\r\n..dot\r\nno end\r\n.\r\n")]
    public async Task The_header_section_always_ends_with_an_empty_line(string content, string expected)
    {
        await using var bench = new DelegationBench();
        await using var server = new ScriptedSmtpServer(Takes((data, _) => Assert.Equal(
            expected, data[(data.IndexOf("\r\n", StringComparison.Ordinal) + 2)..])));
        Assert.Equal(DelegationSendResult.Accepted, (await bench.SendAsync(bench.Job(DelegationBench.Service(server), content))).Result);
        await bench.DisposeAsync();
    }

    [Fact]
    public async Task A_service_without_dsn_gets_no_envid_and_one_without_8bitmime_the_octets_as_they_are()
    {
        await using var bench = new DelegationBench();
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync("PIPELINING");
            await peer.ExpectAsync("MAIL");
            // Never pipelined, whatever the service announces.
            Assert.Equal(0, peer.PendingOctets);
            Assert.Equal("MAIL FROM:<>", peer.Lines[1]);
            await peer.SendAsync("250 ok\r\n");
            await peer.AnswerAsync("RCPT", "250 ok\r\n");
            await peer.AnswerAsync("DATA", "354 go\r\n");
            Assert.EndsWith("\r\n\r\ncaf\u00e9\r\n.\r\n", await peer.ReadDataAsync(), StringComparison.Ordinal);
            await peer.SendAsync("250 ok\r\n");
            await EndAsync(peer);
        });
        var job = bench.Job(DelegationBench.Service(server), "Subject: x\r\n\r\ncaf\u00e9\r\n");
        job = job with { Envelope = job.Envelope with { Sender = "", Is8Bit = true } };
        Assert.Equal(DelegationSendResult.Accepted, (await bench.SendAsync(job)).Result);
        await bench.DisposeAsync();
    }

    [Theory]
    [InlineData("550 Virus Detected; Content Rejected\r\n", DelegationSendResult.Rejected)]
    [InlineData("550-5.7.1 a\r\n550 5.7.1 b\r\n", DelegationSendResult.Rejected)]
    [InlineData("451 Local Error\r\n", DelegationSendResult.TemporarilyFailed)]
    [InlineData("421 4.3.2 closing\r\n", DelegationSendResult.TemporarilyFailed)]
    public async Task The_reply_to_the_dot_decides(string reply, DelegationSendResult expected)
    {
        await using var bench = new DelegationBench();
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync(Clamsmtpd);
            await peer.TakeMailAsync(reply);
            await EndAsync(peer);
        });
        var report = await bench.SendAsync(bench.Job(DelegationBench.Service(server)));
        Assert.Equal((expected, reply.TrimEnd().Replace("\r\n", "\n", StringComparison.Ordinal)), (report.Result, report.Detail));
        await bench.DisposeAsync();
    }

    [Theory]
    [InlineData("MAIL", "550 5.1.0 no\r\n", DelegationSendResult.Rejected)]
    [InlineData("MAIL", "452 4.3.1 no\r\n", DelegationSendResult.TemporarilyFailed)]
    [InlineData("RCPT", "550 5.1.1 no\r\n", DelegationSendResult.Rejected)]
    [InlineData("RCPT", "450 4.2.1 no\r\n", DelegationSendResult.TemporarilyFailed)]
    [InlineData("DATA", "554 5.0.0 no\r\n", DelegationSendResult.Rejected)]
    [InlineData("DATA", "451 4.0.0 no\r\n", DelegationSendResult.TemporarilyFailed)]
    public async Task A_refusal_at_any_command_decides_for_the_whole_mail(string verb, string reply, DelegationSendResult expected)
    {
        await using var bench = new DelegationBench();
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync(Clamsmtpd);
            await peer.AnswerAsync("MAIL", verb == "MAIL" ? reply : "250 ok\r\n");
            if (verb != "MAIL")
            {
                await peer.AnswerAsync("RCPT TO:<b@", "250 ok\r\n");
                await peer.AnswerAsync("RCPT TO:<c@", verb == "RCPT" ? reply : "250 ok\r\n");
                if (verb == "DATA") await peer.AnswerAsync("DATA", reply);
                await peer.AnswerAsync("RSET", "250 ok\r\n");
            }

            await EndAsync(peer);
        });
        var job = bench.Job(DelegationBench.Service(server), DelegationBench.Message, 1, "b@mx.example", "c@mx.example");
        var report = await bench.SendAsync(job);
        Assert.Equal((expected, reply.TrimEnd()), (report.Result, report.Detail));
        await bench.DisposeAsync();
    }

    [Theory]
    [InlineData("554 5.7.1 not you\r\n")]
    [InlineData("421 Server busy, too many connections\r\n")]
    [InlineData("")]
    public async Task Without_a_session_the_service_is_unreachable(string banner)
    {
        await using var bench = new DelegationBench();
        await using var server = new ScriptedSmtpServer(peer => peer.SendAsync(banner));
        var report = await bench.SendAsync(bench.Job(DelegationBench.Service(server)));
        Assert.Equal(DelegationSendResult.Unreachable, report.Result);
        Assert.Contains(banner.TrimEnd(), report.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no-such-host.invalid:10026")]
    [InlineData("not an address")]
    public async Task A_service_without_an_address_is_unreachable(string delegator)
    {
        await using var bench = new DelegationBench();
        var service = new SmtpServiceSettings { Name = "s", Delegator = delegator, Receiver = "127.0.0.1:1" };
        Assert.Equal(DelegationSendResult.Unreachable, (await bench.SendAsync(bench.Job(service))).Result);
    }

    [Fact]
    public async Task A_conversation_that_breaks_or_stalls_failed_for_now()
    {
        await using var bench = new DelegationBench();
        await using var server = new ScriptedSmtpServer(
            async peer =>
            {
                await peer.GreetAsync(Clamsmtpd);
                await peer.TakeEnvelopeAsync();
                await peer.ReadDataAsync();
            },
            async peer =>
            {
                await peer.GreetAsync(Clamsmtpd);
                await peer.TakeEnvelopeAsync();
                await peer.ReadDataAsync();
                await peer.ExpectCloseAsync();
            });
        var service = DelegationBench.Service(server);
        var broken = await bench.SendAsync(bench.Job(service));
        Assert.Equal(DelegationSendResult.TemporarilyFailed, broken.Result);
        Assert.Contains("EndOfData", broken.Detail, StringComparison.Ordinal);

        var stalled = await bench.SendAsync(bench.Job(service with { Timeout = TimeSpan.FromMilliseconds(100) }, DelegationBench.Message, 2));
        Assert.Equal(DelegationSendResult.TemporarilyFailed, stalled.Result);
        Assert.Contains("within 0.1 s", stalled.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_larger_than_the_service_is_given_is_not_sent()
    {
        await using var bench = new DelegationBench();
        await using var server = new ScriptedSmtpServer();
        var service = DelegationBench.Service(server) with { MaxBytes = 23 };
        Assert.Equal(DelegationSendResult.TooLarge, (await bench.SendAsync(bench.Job(service))).Result);
        Assert.Equal(0, server.Accepted);
    }

    [Fact]
    public async Task A_mail_that_the_service_by_its_own_word_cannot_take_is_not_sent()
    {
        await using var bench = new DelegationBench();
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync("SIZE 100");
            await EndAsync(peer);
        });
        var report = await bench.SendAsync(bench.Job(DelegationBench.Service(server)));
        Assert.Equal(DelegationSendResult.TooLarge, report.Result);
        Assert.Contains("5.3.4", report.Detail, StringComparison.Ordinal);
        await bench.DisposeAsync();
    }

    [Fact]
    public async Task A_content_that_is_missing_or_cut_off_failed_for_now_and_nothing_is_taken()
    {
        await using var bench = new DelegationBench();
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync(Clamsmtpd);
            await peer.TakeEnvelopeAsync();
            await Assert.ThrowsAsync<InvalidOperationException>(peer.ReadDataAsync);
        });
        var service = DelegationBench.Service(server);
        var missing = await bench.SendAsync(bench.Job(service, new ContentId("gone", 10, "")));
        Assert.Equal(DelegationSendResult.TemporarilyFailed, missing.Result);

        var bytes = Encoding.ASCII.GetBytes("A: 1\r\n\r\n" + new string('x', 150_000));
        var cut = await bench.SendAsync(bench.Job(service, bench.Contents.Add(200_000, () => new MemoryStream(bytes)), 2));
        Assert.Equal(DelegationSendResult.TemporarilyFailed, cut.Result);
    }

    [Fact]
    public async Task The_same_attempt_offered_again_is_sent_once()
    {
        var isTaken = new TaskCompletionSource();
        await using var bench = new DelegationBench();
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync(Clamsmtpd);
            await isTaken.Task;
            await peer.TakeMailAsync();
            await EndAsync(peer);
        });
        var job = bench.Job(DelegationBench.Service(server));
        Assert.True(bench.Sender.Offer(job));
        Assert.True(bench.Sender.Offer(job));
        Assert.True(bench.Sender.Offer(job with { Content = bench.Contents.Add("other") }));
        isTaken.SetResult();
        await bench.Grains.NextAsync<DelegationReport>();
        await bench.DisposeAsync();
        Assert.False(bench.Grains.HasReport);
        Assert.Equal(1, server.Accepted);
    }

    [Fact]
    public async Task Mails_beyond_max_in_flight_wait_and_use_the_same_connections()
    {
        var inFlight = 0;
        var most = 0;
        await using var bench = new DelegationBench();
        await using var server = new ScriptedSmtpServer(repeatsLast: true, async peer =>
        {
            await peer.GreetAsync(Clamsmtpd);
            while (await peer.ReadLineAsync() is { } line && line != "QUIT")
            {
                Assert.StartsWith("MAIL", line, StringComparison.Ordinal);
                most = Math.Max(most, Interlocked.Increment(ref inFlight));
                await peer.SendAsync("250 ok\r\n");
                await peer.AnswerAsync("RCPT", "250 ok\r\n");
                await peer.AnswerAsync("DATA", "354 go\r\n");
                await peer.ReadDataAsync();
                Interlocked.Decrement(ref inFlight);
                await peer.SendAsync("250 ok\r\n");
            }

            await peer.SendAsync("221 bye\r\n");
        });
        var service = DelegationBench.Service(server) with { MaxInFlight = 2 };
        for (var i = 1; i <= 30; i++) Assert.True(bench.Sender.Offer(bench.Job(service, DelegationBench.Message, i)));
        var attempts = new HashSet<int>();
        for (var i = 1; i <= 30; i++) attempts.Add((await bench.Grains.NextAsync<DelegationReport>()).Report.Attempt);
        Assert.Equal(30, attempts.Count);
        Assert.InRange(most, 1, 2);
        Assert.InRange(server.Accepted, 1, 2);
        await bench.DisposeAsync();
    }

    [Fact]
    public async Task All_processes_of_a_cluster_together_have_no_more_with_a_service_than_its_total()
    {
        var inFlight = 0;
        var most = 0;
        using var paces = new PaceHost();
        await using var one = new DelegationBench(paces: paces);
        await using var two = new DelegationBench(paces: paces);
        await using var server = new ScriptedSmtpServer(repeatsLast: true, async peer =>
        {
            await peer.GreetAsync(Clamsmtpd);
            while (await peer.ReadLineAsync() is { } line && line != "QUIT")
            {
                most = Math.Max(most, Interlocked.Increment(ref inFlight));
                await peer.SendAsync("250 ok\r\n");
                await peer.AnswerAsync("RCPT", "250 ok\r\n");
                await peer.AnswerAsync("DATA", "354 go\r\n");
                await peer.ReadDataAsync();
                Interlocked.Decrement(ref inFlight);
                await peer.SendAsync("250 ok\r\n");
            }

            await peer.SendAsync("221 bye\r\n");
        });
        var service = DelegationBench.Service(server) with { MaxInFlight = 4, MaxInFlightTotal = 1 };
        for (var i = 1; i <= 20; i++)
            Assert.True(one.Sender.Offer(one.Job(service, attempt: i)) && two.Sender.Offer(two.Job(service, attempt: i)));
        for (var i = 1; i <= 20; i++)
        {
            await one.Grains.NextAsync<DelegationReport>();
            await two.Grains.NextAsync<DelegationReport>();
        }

        Assert.Equal(1, most);
        await one.DisposeAsync();
        await two.DisposeAsync();
    }

    [Fact]
    public async Task A_full_queue_refuses_and_leaves_room_for_other_services()
    {
        var go = new TaskCompletionSource();
        async Task Stall(ScriptedPeer peer)
        {
            await go.Task;
            await peer.GreetAsync(Clamsmtpd);
            for (var i = 0; i < 2; i++) await peer.TakeMailAsync();
            await EndAsync(peer);
        }

        await using var bench = new DelegationBench(new DeliveryOptions { ServerName = "vsmtp.example", MaxJobsPerService = 2 });
        await using var slow = new ScriptedSmtpServer(Stall);
        await using var other = new ScriptedSmtpServer(Takes((_, _) => { }));
        var service = DelegationBench.Service(slow) with { MaxInFlight = 1 };
        Assert.True(bench.Sender.Offer(bench.Job(service, DelegationBench.Message, 1)));
        Assert.True(bench.Sender.Offer(bench.Job(service, DelegationBench.Message, 2)));
        Assert.False(bench.Sender.Offer(bench.Job(service, DelegationBench.Message, 3)));
        var quick = await bench.SendAsync(bench.Job(DelegationBench.Service(other) with { Name = "other" }, DelegationBench.Message, 4));
        Assert.Equal(DelegationSendResult.Accepted, quick.Result);

        go.SetResult();
        for (var i = 0; i < 2; i++) await bench.Grains.NextAsync<DelegationReport>();
        await bench.DisposeAsync();
    }

    [Fact]
    public async Task A_report_that_the_grain_does_not_take_is_told_again()
    {
        await using var bench = new DelegationBench();
        bench.Grains.Refusals = 1;
        await using var server = new ScriptedSmtpServer(Takes((_, _) => { }));
        Assert.Equal(DelegationSendResult.Accepted, (await bench.SendAsync(bench.Job(DelegationBench.Service(server)))).Result);
        Assert.True(bench.Grains.Refusals < 0);
        await bench.DisposeAsync();
    }

    [Fact]
    public async Task Stopping_lets_a_conversation_end_and_drops_what_waits()
    {
        var inData = new TaskCompletionSource();
        var stopping = new TaskCompletionSource();
        await using var bench = new DelegationBench();
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync(Clamsmtpd);
            await peer.TakeEnvelopeAsync();
            inData.SetResult();
            await stopping.Task;
            await peer.ReadDataAsync();
            await peer.SendAsync("250 ok\r\n");
            await EndAsync(peer);
        });
        var service = DelegationBench.Service(server) with { MaxInFlight = 1 };
        Assert.True(bench.Sender.Offer(bench.Job(service, DelegationBench.Message, 1)));
        await inData.Task;
        Assert.True(bench.Sender.Offer(bench.Job(service, DelegationBench.Message, 2)));

        var stopped = bench.Sender.StopAsync(CancellationToken.None);
        Assert.False(bench.Sender.Offer(bench.Job(service, DelegationBench.Message, 3)));
        stopping.SetResult();
        Assert.Equal(1, (await bench.Grains.NextAsync<DelegationReport>()).Report.Attempt);
        await stopped;
        Assert.False(bench.Grains.HasReport);
        Assert.Equal(1, server.Accepted);
    }

    [Fact]
    public async Task Stopping_does_not_wait_for_ever()
    {
        var inData = new TaskCompletionSource();
        await using var bench = new DelegationBench(
            new DeliveryOptions { ServerName = "vsmtp.example", DrainTimeout = TimeSpan.FromMilliseconds(100) });
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync(Clamsmtpd);
            await peer.TakeEnvelopeAsync();
            await peer.ReadDataAsync();
            inData.SetResult();
            await peer.ExpectCloseAsync();
        });
        Assert.True(bench.Sender.Offer(bench.Job(DelegationBench.Service(server))));
        await inData.Task;
        await bench.Sender.StopAsync(CancellationToken.None).WaitAsync(ScriptedSmtpServer.Patience, TestContext.Current.CancellationToken);
        Assert.False(bench.Grains.HasReport);
    }

    [Fact]
    public void A_job_prints_no_ticket()
    {
        var bench = new DelegationBench();
        var job = bench.Job(new SmtpServiceSettings { Name = "s", Delegator = "h:1", Receiver = "h:2" });
        Assert.DoesNotContain(job.Ticket, job.ToString(), StringComparison.Ordinal);
    }
}
