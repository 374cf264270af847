using Microsoft.Extensions.Logging.Abstractions;
using Vsmtp.Contracts.Mail;
using Vsmtp.Delivery.Tests.Support;
using Vsmtp.Delivery.Work;

namespace Vsmtp.Delivery.Tests.Work;

public sealed class GrainReporterTests
{
    [Fact]
    public async Task What_was_delivered_is_told_even_when_the_store_takes_nothing_for_many_minutes()
    {
        var grains = new RecordingGrains { Refusals = 60 };
        var reporter = new GrainReporter(grains, new ServingStore(), new HurriedTime(), NullLogger.Instance);
        var report = new DeliveryReport(1, [new RecipientReport("b@mx.example", DeliveryResult.Delivered, "250 ok")]);
        await reporter.TellAsync(DeliveryBench.MailId, grain => grain.Attempted(report), TestContext.Current.CancellationToken);
        Assert.True(grains.HasReport);
    }

    [Fact]
    public async Task A_grain_that_never_takes_it_is_left_to_the_sweep_in_the_end()
    {
        var grains = new RecordingGrains { Refusals = 100_000 };
        var reporter = new GrainReporter(grains, new ServingStore(), new HurriedTime(), NullLogger.Instance);
        await reporter.TellAsync(
            DeliveryBench.MailId, grain => grain.Attempted(new DeliveryReport(1, [])), TestContext.Current.CancellationToken);
        Assert.False(grains.HasReport);
    }

    [Fact]
    public async Task While_the_store_is_away_the_grain_is_not_asked_and_then_it_is_told()
    {
        var (grains, store) = (new RecordingGrains(), new ServingStore());
        store.Leave();
        var report = new DeliveryReport(1, [new RecipientReport("b@mx.example", DeliveryResult.Delivered, "250 ok")]);
        var telling = new GrainReporter(grains, store, TimeProvider.System, NullLogger.Instance)
            .TellAsync(DeliveryBench.MailId, grain => grain.Attempted(report), TestContext.Current.CancellationToken);
        Assert.False(telling.IsCompleted);
        Assert.False(grains.HasReport);

        store.Return();
        await telling;
        Assert.True(grains.HasReport);
    }

    /// <summary>Its pauses are over at once.</summary>
    private sealed class HurriedTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
