using Microsoft.Extensions.Logging.Abstractions;
using Vsmtp.Contracts.Pace;
using Vsmtp.Delivery.Pace;
using Vsmtp.Delivery.Tests.Support;
using Vsmtp.GrainHost.Contract;

namespace Vsmtp.Delivery.Tests.Pace;

/// <summary>Workers of several processes, the real grain between them.</summary>
public sealed class LeasedPaceTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly PaceHost _host;                            // its clock stands unless a test moves it
    private readonly PaceHost _living = new();

    public LeasedPaceTests() => _host = new PaceHost(_time);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _host.Dispose();
        _living.Dispose();
    }

    [Fact]
    public async Task Together_they_have_no_more_under_way_than_the_pace_lets_and_each_gets_on()
    {
        using var one = Make(_living, TimeProvider.System, 3);
        using var two = Make(_living, TimeProvider.System, 3);
        var done = new int[2];
        var most = 0;
        var now = 0;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var workers = Enumerable.Range(0, 10).Select(i => WorkAsync(i % 2)).ToList();
        await UntilAsync(() => done.Min() >= 40);
        await over.CancelAsync();
        await Task.WhenAll(workers);
        Assert.InRange(most, 2, 3);

        async Task WorkAsync(int process)
        {
            while (true)
            {
                IDisposable turn;
                try
                {
                    turn = await (process == 0 ? one : two).EnterAsync(over.Token);
                }
                catch (OperationCanceledException)
                {
                    return;
                }

                var running = Interlocked.Increment(ref now);
                for (var seen = most; running > seen; seen = most) Interlocked.CompareExchange(ref most, running, seen);
                await Task.Delay(1, CancellationToken.None);
                Interlocked.Decrement(ref now);
                Interlocked.Increment(ref done[process]);
                turn.Dispose();
            }
        }
    }

    [Fact]
    public async Task What_one_learns_the_other_knows()
    {
        using var one = Make(2, 20);
        using var two = Make(2, 20);
        for (var i = 0; i < 2; i++)
        {
            (await one.EnterAsync(Cancel)).Dispose();
            one.Unanswered("no route to host");
        }

        await UntilAsync(() => one.WhyPaused is not null);
        (await two.EnterAsync(Cancel)).Dispose();
        Assert.Contains("no route to host", two.WhyPaused, StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromSeconds(15));
        Assert.Null(one.WhyPaused);
        Assert.Null(two.WhyPaused);
    }

    [Fact]
    public async Task A_destination_that_is_left_alone_is_remembered_though_nobody_asks_of_it()
    {
        using (var one = Make(2, 20))
        {
            for (var i = 0; i < 3; i++) one.Unanswered("no route to host");
            await UntilAsync(() => one.WhyPaused is not null);
        }

        for (var second = 0; second < 10; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(20, Cancel);                      // the grain's own turns
        }

        using var later = Make(2, 20);
        (await later.EnterAsync(Cancel)).Dispose();
        Assert.NotNull(later.WhyPaused);
    }

    [Fact]
    public async Task A_share_that_nobody_needs_any_more_is_given_back()
    {
        using var one = Make(_living, TimeProvider.System, 1);
        using var two = Make(_living, TimeProvider.System, 1);
        (await one.EnterAsync(Cancel)).Dispose();
        (await two.EnterAsync(Cancel)).Dispose();
        await UntilAsync(() => !one.IsKept && !two.IsKept);
    }

    [Fact]
    public async Task Without_the_grain_one_goes_at_a_time_and_it_is_told_once()
    {
        var faults = 0;
        using var pace = new LeasedPace(
            new PaceTerms("dst-x", 2, 20, 8), "a", _ => throw new TimeoutException("nobody there"), _ => faults++, _time);
        var first = await pace.EnterAsync(Cancel);
        var second = pace.EnterAsync(Cancel);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(second.IsCompleted);
        first.Dispose();
        (await second).Dispose();
        Assert.Equal(1, faults);
    }

    [Fact]
    public async Task What_is_known_holds_on_without_the_grain_and_what_it_was_to_hear_is_told_later()
    {
        var isThere = true;
        var heard = new List<PaceReport>();
        using var pace = new LeasedPace(
            new PaceTerms("dst-x", 2, 20, 8), "a",
            report =>
            {
                if (!isThere) throw new TimeoutException("nobody there");
                heard.Add(report);
                return Task.FromResult(new PaceLease(1, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15), "no route"));
            },
            _ => { }, _time);
        (await pace.EnterAsync(Cancel)).Dispose();
        isThere = false;
        pace.Unanswered("no route");
        _time.Advance(TimeSpan.FromSeconds(14));
        Assert.Contains("no route", pace.WhyPaused, StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(pace.WhyPaused);
        isThere = true;
        pace.Answered();
        pace.Refused();
        Assert.Equal((1, 1, 1), (heard[^1].Answered, heard[^1].Refused, heard[^1].Unanswered));
    }

    [Fact]
    public async Task A_pause_is_no_longer_for_an_answer_that_was_long_under_way()
    {
        var answer = new TaskCompletionSource<PaceLease>();
        using var pace = new LeasedPace(new PaceTerms("dst-x", 2, 20, 8), "a", _ => answer.Task, _ => { }, _time);
        var entered = pace.EnterAsync(Cancel);
        _time.Advance(TimeSpan.FromSeconds(3));
        answer.SetResult(new PaceLease(1, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(15), "no route"));
        (await entered).Dispose();
        answer = new TaskCompletionSource<PaceLease>();            // to renewals nothing is said
        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.Contains("no route", pace.WhyPaused, StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(pace.WhyPaused);
    }

    [Fact]
    public async Task Whoever_gives_up_waiting_takes_nobodys_turn()
    {
        using var pace = Make(1, 1);
        var turn = await pace.EnterAsync(Cancel);
        using var impatience = new CancellationTokenSource();
        var waiting = pace.EnterAsync(impatience.Token);
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        turn.Dispose();
        turn.Dispose();
        (await pace.EnterAsync(Cancel)).Dispose();
    }

    private LeasedPace Make(int first, int most) => Make(_host, _time, first, most);

    private static LeasedPace Make(PaceHost host, TimeProvider time, int first, int? most = null) => new PaceMaker(host.Grains, time, NullLogger.Instance)
        .Make(new PaceTerms(PaceKey.OfDomain("Example.org"), first, most ?? first, MostHere: 8));

    private static async Task UntilAsync(Func<bool> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!holds()) await Task.Delay(5, patience.Token);
    }
}
