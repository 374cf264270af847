namespace Vsmtp.GrainHost.Contract;

/// <summary>The clock of a test for Orleans' reminders: a timer of no whole second rings a millisecond late.</summary>
/// <remarks>
/// Task.Delay cuts a delay to whole milliseconds, and Orleans waits for the rest in a loop that a clock which stands still never ends.
/// Reminders of tests are due at whole seconds; of no whole milliseconds is the random delay of the first look at the table.
/// </remarks>
internal sealed class ReminderTime(ManualTime time) : TimeProvider
{
    public override long TimestampFrequency => time.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => time.GetUtcNow();

    public override long GetTimestamp() => time.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => time.CreateTimer(
        callback, state, dueTime.Ticks % TimeSpan.TicksPerSecond == 0 ? dueTime : dueTime + TimeSpan.FromMilliseconds(1), period);
}
