using System.Collections.Concurrent;

namespace Vsmtp.Embedded.Reminders;

/// <summary>Keeps reminders for as long as this object lives, which may be longer than a host.</summary>
public sealed class MemoryReminderTable : IReminderTable
{
    private readonly ConcurrentDictionary<(string Type, string Key, string Name), ReminderRecord> _reminders = new();

    public Task<IReadOnlyCollection<ReminderRecord>> ReadAllAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyCollection<ReminderRecord>>([.. _reminders.Values]);

    public Task UpsertAsync(ReminderRecord reminder, CancellationToken cancellationToken)
    {
        _reminders[(reminder.GrainType, reminder.GrainKey, reminder.Name)] = reminder;
        return Task.CompletedTask;
    }

    public Task RemoveAsync(string grainType, string grainKey, string name, CancellationToken cancellationToken)
    {
        _reminders.TryRemove((grainType, grainKey, name), out _);
        return Task.CompletedTask;
    }
}
