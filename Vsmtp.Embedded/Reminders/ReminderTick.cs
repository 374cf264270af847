using Orleans;
using Orleans.Runtime;
using Vsmtp.Embedded.Calls;

namespace Vsmtp.Embedded.Reminders;

/// <summary>The call of a grain by one of its reminders.</summary>
internal sealed class ReminderTick(ScheduledReminder reminder, TickStatus status, bool interleaves, Action<Exception> report) : GrainCall
{
    public override string Name => "IRemindable.ReceiveReminder";

    public override bool Interleaves => interleaves;

    public override void Fail(Exception failure) => Finish(failure);

    protected override Task Invoke(object grain) => ((IRemindable)grain).ReceiveReminder(reminder.Record.Name, status);

    protected override void Answer(Task answer) => Finish(answer.Exception?.InnerException);

    private void Finish(Exception? failure)
    {
        reminder.IsTicking = false;
        if (failure is not null) report(failure);
    }
}
