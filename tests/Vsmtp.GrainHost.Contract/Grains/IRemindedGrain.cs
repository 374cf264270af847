using Orleans;
using Orleans.Runtime;

namespace Vsmtp.GrainHost.Contract.Grains;

/// <summary>A grain with reminders.</summary>
[Alias("test.reminded")]
public interface IRemindedGrain : IGrainWithStringKey, IRemindable
{
    [Alias("remind")]
    Task Remind(string name, TimeSpan due, TimeSpan period);

    [Alias("forget")]
    Task Forget(string name);

    /// <summary>Their names, in order.</summary>
    [Alias("known")]
    Task<string> Known();
}

public sealed class RemindedGrain(Witness witness) : Grain, IRemindedGrain
{
    public Task Remind(string name, TimeSpan due, TimeSpan period) => this.RegisterOrUpdateReminder(name, due, period);

    public async Task Forget(string name)
    {
        if (await this.GetReminder(name) is { } reminder) await this.UnregisterReminder(reminder);
    }

    public async Task<string> Known() =>
        string.Join(' ', (await this.GetReminders()).Select(reminder => reminder.ReminderName).Order(StringComparer.Ordinal));

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        witness.Tell($"{this.GetPrimaryKeyString()} {reminderName} {status.CurrentTickTime:HH:mm:ss}");
        if (reminderName == "fails") throw new TestException("a reminder");
        return Task.CompletedTask;
    }
}
