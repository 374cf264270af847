using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Vsmtp.Contracts.Mail;
using Vsmtp.Delivery.Delegation;
using Vsmtp.Delivery.Tests.Support;
using Vsmtp.Mail.Delegation;
using Vsmtp.Smtp.Tests.Client;

namespace Vsmtp.Delivery.Tests.Delegation;

/// <summary>The sender and a service that is not well, over sockets.</summary>
public sealed class SickServiceTests
{
    private static readonly DateTimeOffset Age = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_service_that_is_away_is_not_asked_again_until_its_time_and_a_mail_that_was_ready_comes_back_unsent()
    {
        await using var bench = new DelegationBench(new DeliveryOptions { ServerName = "vsmtp.example", BreakerFirstPause = TimeSpan.FromHours(1) });
        var service = Away() with { MaxInFlight = 1 };
        for (var i = 1; i <= 6; i++) Assert.True(bench.Sender.Offer(Job(bench, service, i)));
        var results = new List<DelegationSendResult>();
        for (var i = 1; i <= 6; i++) results.Add((await bench.Grains.NextAsync<DelegationReport>()).Report.Result);
        Assert.Equal([.. Enumerable.Repeat(DelegationSendResult.Unreachable, 5), DelegationSendResult.NotSent], results);

        var answer = bench.Sender.AskTurn(service, "later", Age, MailSuspicion.None);
        Assert.Equal((false, true), (answer.IsGranted, answer.IsServiceDown));
        Assert.StartsWith("clamsmtpd is down since ", answer.Why, StringComparison.Ordinal);
        Assert.Contains("unreachable", answer.Why, StringComparison.Ordinal);
        // The same service elsewhere is another one.
        Assert.True(bench.Sender.AskTurn(Away(), "later", Age, MailSuspicion.None).IsGranted);
    }

    [Fact]
    public async Task When_it_is_back_the_mails_that_wait_are_called_in_order_of_age_and_all_pass()
    {
        var isWell = false;
        var quickly = TimeSpan.FromMilliseconds(200);
        await using var bench = new DelegationBench(
            new DeliveryOptions { ServerName = "vsmtp.example", BreakerFirstPause = quickly, BreakerMaxPause = quickly });
        await using var server = new ScriptedSmtpServer(
            repeatsLast: true, peer => Volatile.Read(ref isWell) ? PlayAsync(peer) : peer.SendAsync("421 4.3.2 not now\r\n"));
        var service = DelegationBench.Service(server) with { MaxInFlight = 2 };
        for (var i = 1; i <= 5; i++) bench.Sender.Offer(Job(bench, service, i));
        for (var i = 1; i <= 5; i++) await bench.Grains.NextAsync<DelegationReport>();

        var allWait = new TaskCompletionSource();
        var called = new List<int>();
        bench.Grains.Called = async (mailId, _) =>
        {
            await allWait.Task;
            var number = int.Parse(mailId[1..], CultureInfo.InvariantCulture);
            lock (called) called.Add(number);
            if (bench.Sender.AskTurn(service, mailId, Age.AddSeconds(number), MailSuspicion.None).IsGranted) bench.Sender.Offer(Job(bench, service, number));
        };
        Volatile.Write(ref isWell, true);
        for (var i = 159; i >= 100; i--) bench.Sender.WaitWhileDown(service, $"m{i}", Age.AddSeconds(i), MailSuspicion.None);
        allWait.SetResult();
        var accepted = new HashSet<string>();
        for (var i = 0; i < 60; i++)
        {
            var (mailId, report) = await bench.Grains.NextAsync<DelegationReport>();
            Assert.Equal(DelegationSendResult.Accepted, report.Result);
            accepted.Add(mailId);
        }

        await bench.DisposeAsync();
        Assert.Equal(60, accepted.Count);
        lock (called)
        {
            // The first may have been called before all waited. Calls that go out together arrive in any order; there are eight at most.
            var expected = Enumerable.Range(100, 60).Where(number => number != called[0]);
            Assert.All(called.Skip(1).Zip(expected), pair => Assert.InRange(pair.First - pair.Second, -8, 8));
        }
    }

    [Fact]
    public async Task A_stalled_mail_holds_one_place_and_the_others_pass()
    {
        var release = new TaskCompletionSource();
        await using var bench = new DelegationBench();
        await using var server = new ScriptedSmtpServer(repeatsLast: true, async peer =>
        {
            await peer.GreetAsync();
            while (await peer.ReadLineAsync() is { } line && line != "QUIT")
            {
                await peer.SendAsync("250 ok\r\n");
                await peer.AnswerAsync("RCPT", "250 ok\r\n");
                await peer.AnswerAsync("DATA", "354 go\r\n");
                var data = await peer.ReadDataAsync();
                if (data.Contains("stall", StringComparison.Ordinal)) await release.Task;
                await peer.SendAsync("250 ok\r\n");
            }

            await peer.SendAsync("221 bye\r\n");
        });
        var service = DelegationBench.Service(server) with { MaxInFlight = 2 };
        Assert.True(bench.Sender.Offer(Job(bench, service, 1, "Subject: stall\r\n\r\n")));
        for (var i = 2; i <= 20; i++) Assert.True(bench.Sender.Offer(Job(bench, service, i)));
        for (var i = 2; i <= 20; i++) Assert.NotEqual("m1", (await bench.Grains.NextAsync<DelegationReport>()).MailId);
        release.SetResult();
        Assert.Equal("m1", (await bench.Grains.NextAsync<DelegationReport>()).MailId);
        await bench.DisposeAsync();
    }

    [Fact]
    public async Task A_mail_that_breaks_its_second_conversation_while_others_pass_is_set_apart()
    {
        await using var bench = new DelegationBench();
        await using var server = new ScriptedSmtpServer(repeatsLast: true, PlayAsync);
        var service = DelegationBench.Service(server);
        var poison = Job(bench, service, 1, "Subject: poison\r\n\r\n");

        var first = await bench.SendAsync(poison);
        Assert.Equal((DelegationSendResult.TemporarilyFailed, 1), (first.Result, first.Suspicion!.Breaks));

        // Nobody else passed: it may be the service.
        var second = await bench.SendAsync(poison with { Attempt = 2, Suspicion = first.Suspicion });
        Assert.Equal((DelegationSendResult.TemporarilyFailed, 1), (second.Result, second.Suspicion!.Breaks));

        Assert.Equal(DelegationSendResult.Accepted, (await bench.SendAsync(Job(bench, service, 3))).Result);
        var third = await bench.SendAsync(poison with { Attempt = 4, Suspicion = second.Suspicion });
        Assert.Equal(DelegationSendResult.Poison, third.Result);
        Assert.StartsWith("it broke the conversation with clamsmtpd twice while other mails passed: ", third.Detail, StringComparison.Ordinal);
        await bench.DisposeAsync();
    }

    [Fact]
    public async Task A_mail_that_is_deferred_again_and_again_while_others_pass_becomes_a_suspect_and_is_not_set_apart()
    {
        await using var bench = new DelegationBench();
        await using var server = new ScriptedSmtpServer(repeatsLast: true, PlayAsync);
        var service = DelegationBench.Service(server);
        var suspicion = MailSuspicion.None;
        for (var i = 0; i < 12; i += 2)
        {
            Assert.Equal(DelegationSendResult.Accepted, (await bench.SendAsync(Job(bench, service, i + 1))).Result);
            var report = await bench.SendAsync(Job(bench, service, i + 2, "Subject: later\r\n\r\n") with { Suspicion = suspicion });
            Assert.Equal(DelegationSendResult.TemporarilyFailed, report.Result);
            suspicion = report.Suspicion!;
            Assert.Equal(i >= 4, suspicion.IsSuspect);
        }

        await bench.DisposeAsync();
    }

    private static DelegationJob Job(DelegationBench bench, SmtpServiceSettings service, int attempt, string content = DelegationBench.Message) =>
        bench.Job(service, content, attempt) with { MailId = $"m{attempt}" };

    /// <summary>A service at a port at which nobody listens.</summary>
    private static SmtpServiceSettings Away()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new SmtpServiceSettings { Name = "clamsmtpd", Delegator = listener.LocalEndpoint.ToString()!, Receiver = "127.0.0.1:1", Timeout = TimeSpan.FromSeconds(20) };
    }

    /// <summary>A service that takes mails, but for those whose content says otherwise.</summary>
    private static async Task PlayAsync(ScriptedPeer peer)
    {
        await peer.GreetAsync();
        while (await peer.ReadLineAsync() is { } line && line != "QUIT")
        {
            await peer.SendAsync("250 ok\r\n");
            await peer.AnswerAsync("RCPT", "250 ok\r\n");
            await peer.AnswerAsync("DATA", "354 go\r\n");
            var data = await peer.ReadDataAsync();
            if (data.Contains("poison", StringComparison.Ordinal)) return;
            await peer.SendAsync(data.Contains("later", StringComparison.Ordinal) ? "451 4.3.0 Local Error\r\n" : "250 ok\r\n");
        }

        await peer.SendAsync("221 bye\r\n");
    }
}
