using Orleans.Runtime;

namespace Orleans;

/// <summary>A grain that reminders call.</summary>
public interface IRemindable : IGrain
{
    Task ReceiveReminder(string reminderName, TickStatus status);
}
