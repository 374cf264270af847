using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Mail;
using Vsmtp.Delivery.Tests.Support;
using Vsmtp.Smtp.Tests.Client;

namespace Vsmtp.Delivery.Tests;

public sealed class DeliveryWorkerTests
{
    private static DeliveryOptions Options { get; } = new() { ServerName = "vsmtp.example" };

    private static async Task EndAsync(ScriptedPeer peer)
    {
        if (await peer.ReadLineAsync() == "QUIT") await peer.SendAsync("221 bye\r\n");
    }

    [Fact]
    public async Task The_same_attempt_offered_again_is_delivered_once()
    {
        var go = new TaskCompletionSource();
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync();
            await go.Task;
            await peer.TakeMailAsync();
            await EndAsync(peer);
        });
        await using var bench = new DeliveryBench();
        var job = bench.Job(DeliveryBench.Forward("b@mx.example", server.Destination));
        Assert.False(bench.Worker.IsInFlight(job.MailId));
        Assert.True(bench.Worker.Offer(job));
        Assert.True(bench.Worker.Offer(job));
        Assert.True(bench.Worker.IsInFlight(job.MailId));
        go.SetResult();
        await bench.Grains.NextAsync<DeliveryReport>();
        await bench.DisposeAsync();
        Assert.False(bench.Worker.IsInFlight(job.MailId));
        Assert.False(bench.Grains.HasReport);
        Assert.Equal(1, server.Accepted);
    }

    [Fact]
    public async Task A_slow_destination_holds_up_no_other()
    {
        var go = new TaskCompletionSource();
        await using var slow = new ScriptedSmtpServer(async peer =>
        {
            await go.Task;
            await peer.GreetAsync();
            for (var i = 0; i < 20; i++) await peer.TakeMailAsync();
            await EndAsync(peer);
        });
        await using var quick = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync();
            await peer.TakeMailAsync();
            await EndAsync(peer);
        });
        await using var bench = new DeliveryBench(Options with { MaxDeliveries = 2, MaxDeliveriesPerDestination = 1 });
        for (var i = 1; i <= 20; i++)
        {
            Assert.True(bench.Worker.Offer(bench.Job(DeliveryBench.Forward("b@mx.example", slow.Destination)) with { Attempt = i }));
        }

        var report = await bench.DeliverAsync(bench.Job(DeliveryBench.Forward("c@mx.example", quick.Destination)) with { Attempt = 99 });
        Assert.Equal(DeliveryResult.Delivered, report[0].Result);
        go.SetResult();
        for (var i = 1; i <= 20; i++) await bench.Grains.NextAsync<DeliveryReport>();
        await bench.DisposeAsync();
    }

    [Fact]
    public async Task Too_many_jobs_are_refused()
    {
        var go = new TaskCompletionSource();
        await using var server = new ScriptedSmtpServer(repeatsLast: true, async peer =>
        {
            await peer.GreetAsync();
            await go.Task;
            await peer.TakeMailAsync();
            await EndAsync(peer);
        });
        await using var bench = new DeliveryBench(Options with { MaxJobs = 2 });
        var job = bench.Job(DeliveryBench.Forward("b@mx.example", server.Destination));
        Assert.True(bench.Worker.Offer(job));
        Assert.True(bench.Worker.Offer(job with { Attempt = 2 }));
        Assert.False(bench.Worker.Offer(job with { Attempt = 3 }));
        go.SetResult();
        await bench.Grains.NextAsync<DeliveryReport>();
        await bench.Grains.NextAsync<DeliveryReport>();
        await bench.DisposeAsync();
    }

    [Fact]
    public async Task Mails_for_a_destination_that_does_not_answer_leave_room_for_others()
    {
        var go = new TaskCompletionSource();
        await using var silent = new ScriptedSmtpServer(repeatsLast: true, async peer =>
        {
            await go.Task;
            await peer.GreetAsync();
            await peer.TakeMailAsync();
            await EndAsync(peer);
        });
        await using var quick = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync();
            await peer.TakeMailAsync();
            await EndAsync(peer);
        });
        await using var bench = new DeliveryBench(Options with { MaxJobs = 3, MaxJobsPerDestination = 2 });
        var job = bench.Job(DeliveryBench.Forward("b@mx.example", silent.Destination));
        Assert.True(bench.Worker.Offer(job));
        Assert.True(bench.Worker.Offer(job with { Attempt = 2 }));
        Assert.False(bench.Worker.Offer(job with { Attempt = 3 }));
        Assert.True(bench.Worker.Offer(job));
        var report = await bench.DeliverAsync(bench.Job(DeliveryBench.Forward("c@mx.example", quick.Destination)) with { Attempt = 99 });
        Assert.Equal(DeliveryResult.Delivered, report[0].Result);
        go.SetResult();
        await bench.Grains.NextAsync<DeliveryReport>();
        await bench.Grains.NextAsync<DeliveryReport>();
        await bench.DisposeAsync();
    }

    [Fact]
    public async Task A_fault_of_our_own_defers_and_is_told()
    {
        await using var bench = new DeliveryBench(Options with { RelayHost = DeliveryBench.RelayAt("127.0.0.1", 9) });
        var broken = bench.Contents.Add(10, () => throw new InvalidOperationException("The disk is on fire."));
        var report = await bench.DeliverAsync(bench.Job(broken, DeliveryBench.Relay("b@mx.example")));
        var only = Assert.Single(report);
        Assert.Equal(("b@mx.example", DeliveryResult.Deferred, "The disk is on fire."), (only.Address, only.Result, only.Detail));

        var gone = await bench.DeliverAsync(bench.Job(new ContentId("gone", 10, ""), DeliveryBench.Relay("b@mx.example")) with { Attempt = 2 });
        Assert.Equal(DeliveryResult.Deferred, gone[0].Result);
    }

    [Fact]
    public async Task Stopping_reports_what_was_done_and_not_what_was_waiting()
    {
        var inData = new TaskCompletionSource();
        var stopping = new TaskCompletionSource();
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync();
            await peer.TakeEnvelopeAsync();
            inData.SetResult();
            await stopping.Task;
            await peer.ReadDataAsync();
            await peer.SendAsync("250 ok\r\n");
            await EndAsync(peer);
        });
        await using var bench = new DeliveryBench(Options with { MaxDeliveries = 1 });
        Assert.True(bench.Worker.Offer(bench.Job(DeliveryBench.Forward("b@mx.example", server.Destination))));
        await inData.Task;
        // Its second recipient waits for the only place.
        Assert.True(bench.Worker.Offer(bench.Job(
            DeliveryBench.Relay("c@mx.example") with { Transport = TransportKind.None },
            DeliveryBench.Forward("d@mx.example", server.Destination)) with { Attempt = 2 }));

        var stopped = bench.Worker.StopAsync(CancellationToken.None);
        Assert.False(bench.Worker.Offer(bench.Job(DeliveryBench.Relay("e@mx.example")) with { Attempt = 3 }));
        stopping.SetResult();
        await stopped;
        var reports = new[] { await bench.Grains.NextAsync<DeliveryReport>(), await bench.Grains.NextAsync<DeliveryReport>() };
        var byAttempt = reports.ToDictionary(report => report.Report.Attempt, report => report.Report.Recipients);
        Assert.Equal(DeliveryResult.Delivered, Assert.Single(byAttempt[1]).Result);
        Assert.Equal("c@mx.example", Assert.Single(byAttempt[2]).Address);
        Assert.Equal(1, server.Accepted);
    }
}
