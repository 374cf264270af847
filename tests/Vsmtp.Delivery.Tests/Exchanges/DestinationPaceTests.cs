using Vsmtp.Delivery.Exchanges;
using Vsmtp.Smtp.Tests.Support;

namespace Vsmtp.Delivery.Tests.Exchanges;

/// <summary>How many mails go to a destination at once, by what it says.</summary>
public sealed class DestinationPaceTests
{
    private readonly ManualTime _time = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_widens_while_mails_are_taken_and_no_further_than_it_may()
    {
        using var pace = new DestinationPace(4, _time);
        Assert.Equal(2, await CountFreeAsync(pace));
        foreach (var limit in new[] { 3, 4, 4, 4 })
        {
            for (var i = 0; i < 4; i++) pace.Answered();
            Assert.True(pace.Limit <= limit && pace.Limit >= limit - 1);
        }

        Assert.Equal(4, await CountFreeAsync(pace));
    }

    [Fact]
    public async Task It_halves_when_the_destination_has_enough_also_for_those_under_way()
    {
        using var pace = new DestinationPace(8, _time);
        for (var i = 0; i < 100; i++) pace.Answered();
        var turns = new List<IDisposable>();
        for (var i = 0; i < 8; i++) turns.Add(await pace.EnterAsync(Cancel));
        pace.Refused();
        Assert.Equal(4, pace.Limit);
        foreach (var turn in turns.Take(4)) turn.Dispose();
        var waiting = pace.EnterAsync(Cancel);
        Assert.False(waiting.IsCompleted);                     // four are still under way
        foreach (var turn in turns.Skip(4)) turn.Dispose();
        (await waiting).Dispose();
        Assert.Equal(4, await CountFreeAsync(pace));
        for (var i = 0; i < 10; i++) pace.Refused();
        Assert.Equal(1, await CountFreeAsync(pace));
    }

    [Fact]
    public void Nobody_is_asked_for_a_while_where_nobody_answered_twice_and_longer_each_time()
    {
        using var pace = new DestinationPace(8, _time);
        pace.Unreachable("no route");
        Assert.Null(pace.WhyPaused);
        foreach (var seconds in new[] { 15, 30, 60, 120, 240, 300, 300 })
        {
            pace.Unreachable("no route");
            Assert.Contains("no route", pace.WhyPaused, StringComparison.Ordinal);
            _time.Advance(TimeSpan.FromSeconds(seconds - 1));
            Assert.True(pace.IsPaused);
            _time.Advance(TimeSpan.FromSeconds(1));
            Assert.False(pace.IsPaused);
        }

        pace.Answered();
        pace.Unreachable("no route");
        Assert.False(pace.IsPaused);
    }

    [Fact]
    public async Task Whoever_gives_up_waiting_takes_nobodys_turn()
    {
        using var pace = new DestinationPace(1, _time);
        var turn = await pace.EnterAsync(Cancel);
        using var impatience = new CancellationTokenSource();
        var waiting = pace.EnterAsync(impatience.Token);
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        turn.Dispose();
        turn.Dispose();
        Assert.Equal(1, await CountFreeAsync(pace));
    }

    /// <summary>How many may go now.</summary>
    private static async Task<int> CountFreeAsync(DestinationPace pace)
    {
        var turns = new List<IDisposable>();
        using var enough = new CancellationTokenSource();
        var next = pace.EnterAsync(enough.Token);
        for (; next.IsCompleted; next = pace.EnterAsync(enough.Token)) turns.Add(await next);
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
        foreach (var turn in turns) turn.Dispose();
        return turns.Count;
    }
}
