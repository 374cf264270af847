using Microsoft.Extensions.Logging;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Stores;
using Vsmtp.Storage.Health;

namespace Vsmtp.Storage.Tests.Health;

public sealed class StoreHealthTests
{
    private readonly HandTime _time = new();
    private readonly Lines _log = new();
    private readonly StoreHealth _health;
    private int _probes;

    public StoreHealthTests() => _health = new StoreHealth(_time, _log);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_store_that_fails_is_away_until_a_probe_is_written_and_both_are_told_once()
    {
        _health.Failed(new StoreUnusableException("The disk is gone."));
        _health.Failed(new StoreUnusableException("The disk is gone."));
        Assert.Equal(StoreCondition.Away, _health.Condition);
        var back = _health.WhenBackAsync(Cancel);
        Assert.False(back.IsCompleted);

        await LookAsync(succeeds: false);
        Assert.Equal(StoreCondition.Away, _health.Condition);
        _time.Now += TimeSpan.FromSeconds(1);
        await LookAsync(succeeds: true);

        Assert.Equal(StoreCondition.Serving, _health.Condition);
        await back;
        Assert.Equal(2, _log.Count);
    }

    [Fact]
    public async Task Probes_come_less_and_less_often_and_at_least_every_five_seconds()
    {
        _health.Failed(new StoreUnusableException("The disk is gone."));
        for (var tenth = 0; tenth < 600; tenth++)
        {
            await LookAsync(succeeds: false);
            _time.Now += TimeSpan.FromMilliseconds(100);
        }

        Assert.InRange(_probes, 12, 16);
    }

    [Fact]
    public async Task A_writer_that_does_not_come_back_is_a_store_that_is_away_until_it_does()
    {
        var clock = _health.NewClock();
        clock.Begin();
        await LookAsync(succeeds: false);
        Assert.Equal(StoreCondition.Serving, _health.Condition);

        _time.Now += StoreHealth.StallAfter * 1.1;
        await LookAsync(succeeds: false);
        Assert.Equal(StoreCondition.Away, _health.Condition);
        Assert.Equal(0, _probes);                              // it would only queue up behind

        clock.End();
        await LookAsync(succeeds: false);
        Assert.Equal(StoreCondition.Serving, _health.Condition);
    }

    [Fact]
    public async Task A_full_store_keeps_new_mail_out_for_a_while_though_other_writes_succeed()
    {
        _health.Failed(new StoreFullException("The disk is full."));
        _health.Succeeded();
        Assert.Equal(StoreCondition.Full, _health.Condition);
        Assert.True(_health.WhenBackAsync(Cancel).IsCompleted);   // what is there goes on

        _time.Now += TimeSpan.FromSeconds(11);
        await LookAsync(succeeds: true);
        Assert.Equal(StoreCondition.Serving, _health.Condition);
        Assert.Equal(2, _log.Count);
    }

    [Fact]
    public void A_store_that_was_left_stays_away_until_it_is_taken_again_whatever_a_late_write_says()
    {
        _health.Leave("Its connection has ended.");
        _health.Succeeded();
        Assert.Equal(StoreCondition.Away, _health.Condition);
        _health.Return();
        Assert.Equal(StoreCondition.Serving, _health.Condition);
    }

    [Fact]
    public async Task A_file_system_with_little_left_has_no_room_for_new_mail_and_a_large_file_to_reuse_counts()
    {
        using var folder = new Sqlite.TemporaryFolder();
        var free = new DriveInfo(folder.Path).AvailableFreeSpace;
        var roomy = new StoreRoom(folder.File("db"), free / 4, _ => Task.FromResult(0L));
        var tight = new StoreRoom(folder.File("db"), free * 2, _ => Task.FromResult(0L));
        var reused = new StoreRoom(folder.File("db"), free * 2, _ => Task.FromResult(free * 2));
        foreach (var room in new[] { roomy, tight, reused }) await room.LookAsync(Cancel);

        Assert.True(roomy.Has(0));
        Assert.False(roomy.Has(free));
        Assert.False(tight.Has(0));
        Assert.True(reused.Has(0));
    }

    private Task LookAsync(bool succeeds) => _health.LookAsync(
        () =>
        {
            _probes++;
            if (succeeds) _health.Succeeded();
            else _health.Failed(new StoreUnusableException("The disk is gone."));
            return Task.CompletedTask;
        },
        Cancel);

    private sealed class HandTime : TimeProvider
    {
        public TimeSpan Now { get; set; } = TimeSpan.FromDays(1);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }

    private sealed class Lines : ILogger
    {
        public int Count { get; private set; }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Count++;
    }
}
