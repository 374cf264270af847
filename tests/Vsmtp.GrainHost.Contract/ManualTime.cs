namespace Vsmtp.GrainHost.Contract;

/// <summary>A clock that moves only when the test says so.</summary>
public sealed class ManualTime : TimeProvider
{
    private readonly Lock _gate = new();
    private static readonly DateTimeOffset Beginning = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly List<Alarm> _alarms = [];
    private readonly List<(DateTimeOffset Due, TaskCompletionSource Set)> _awaited = [];
    private DateTimeOffset _now = Beginning;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate) return _now;
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var alarm = new Alarm(this, () => callback(state));
        alarm.Change(dueTime, period);
        return alarm;
    }

    /// <summary>Moves on, stopping at each timer on the way.</summary>
    public void Advance(TimeSpan by)
    {
        var end = GetUtcNow() + by;
        while (NextBefore(end) is { } next) next.Ring();
        lock (_gate) _now = end;
    }

    /// <summary>Completes when a timer is set that is due then, counted from the beginning: before that, moving on would miss it.</summary>
    public Task SetFor(TimeSpan due)
    {
        lock (_gate)
        {
            if (_alarms.Any(alarm => alarm.Due == Beginning + due)) return Task.CompletedTask;
            var set = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((Beginning + due, set));
            return set.Task.WaitAsync(TimeSpan.FromSeconds(20));
        }
    }

    private Alarm? NextBefore(DateTimeOffset end)
    {
        lock (_gate)
        {
            if (_alarms.Where(alarm => alarm.Due <= end).MinBy(alarm => alarm.Due) is not { } next) return null;
            if (next.Due > _now) _now = next.Due.Value;
            next.Due = next.Period > TimeSpan.Zero ? _now + next.Period : null;
            return next;
        }
    }

    private sealed class Alarm(ManualTime clock, Action ring) : ITimer
    {
        public DateTimeOffset? Due { get; set; }

        public TimeSpan Period { get; private set; }

        public Action Ring => ring;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                Due = dueTime < TimeSpan.Zero ? null : clock._now + dueTime;
                Period = period;
                if (!clock._alarms.Contains(this)) clock._alarms.Add(this);
                foreach (var (_, set) in clock._awaited.Where(awaited => awaited.Due == Due)) set.TrySetResult();
            }

            return true;
        }

        public void Dispose()
        {
            lock (clock._gate) clock._alarms.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
