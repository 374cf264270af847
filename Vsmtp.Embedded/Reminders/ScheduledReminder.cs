using Orleans.Runtime;

namespace Vsmtp.Embedded.Reminders;

/// <summary>A reminder in memory, with the time of its next tick.</summary>
internal sealed class ScheduledReminder(ReminderRecord record, long number, DateTimeOffset nextTickAt) : IGrainReminder
{
    private volatile bool _isTicking;

    public ReminderRecord Record => record;

    public string ReminderName => record.Name;

    /// <summary>Tells apart two that tick at one time.</summary>
    public long Number => number;

    public DateTimeOffset NextTickAt { get; private set; } = nextTickAt;

    /// <summary>The grain has not yet done with the tick before.</summary>
    public bool IsTicking
    {
        get => _isTicking;
        set => _isTicking = value;
    }

    /// <summary>The first tick after <paramref name="now"/>: those that have passed are not made up.</summary>
    public static DateTimeOffset NextTick(ReminderRecord record, DateTimeOffset now)
    {
        if (record.FirstTickAt > now) return record.FirstTickAt;
        var periods = ((now - record.FirstTickAt).Ticks / record.Period.Ticks) + 1;
        return record.FirstTickAt + (periods * record.Period);
    }

    public void MoveOn(DateTimeOffset now) => NextTickAt = NextTick(record, now);
}
