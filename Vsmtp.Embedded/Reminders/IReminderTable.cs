namespace Vsmtp.Embedded.Reminders;

/// <summary>Where reminders outlive the process.</summary>
public interface IReminderTable
{
    /// <summary>All of them, in any order; asked once, at the start.</summary>
    Task<IReadOnlyCollection<ReminderRecord>> ReadAllAsync(CancellationToken cancellationToken);

    /// <summary>Keeps it, in place of one with the same grain and name. Durable when this returns.</summary>
    Task UpsertAsync(ReminderRecord reminder, CancellationToken cancellationToken);

    /// <summary>Forgets it; does nothing when there is none.</summary>
    Task RemoveAsync(string grainType, string grainKey, string name, CancellationToken cancellationToken);
}
