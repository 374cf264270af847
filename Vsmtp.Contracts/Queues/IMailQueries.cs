using System.Collections.Immutable;

namespace Vsmtp.Contracts.Queues;

/// <summary>What screens and tools read. Never waits for writes.</summary>
public interface IMailQueries
{
    /// <summary>Mails of a queue, longest there first. <c>quarantine</c> means all quarantines; null means all queues.</summary>
    Task<ImmutableArray<MailSummary>> ListAsync(string? queue, int limit, CancellationToken cancellationToken);

    /// <summary>Null: no such mail, or its history has expired.</summary>
    Task<MailDetails?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>How many mails each queue has now, and how many ever came and ended, by name (design section 7: counters).</summary>
    Task<ImmutableSortedDictionary<string, long>> CountAsync(CancellationToken cancellationToken);
}
