using System.Collections.Immutable;

namespace Vsmtp.Contracts.Queues;

/// <summary>What screens and tools read. Never waits for writes.</summary>
public interface IMailQueries
{
    /// <summary>Mails of a queue, longest there first. <c>quarantine</c> means all quarantines; null means all queues.</summary>
    Task<ImmutableArray<MailSummary>> ListAsync(string? queue, int limit, CancellationToken cancellationToken);

    /// <summary>Null: no such mail, or its history has expired.</summary>
    Task<MailDetails?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>
    /// How many mails are in each queue now, under the queue's name, and how many ever came to it or ended so, as <c>total/NAME</c>:
    /// <c>total/accepted</c> = all queues but <c>offered</c> + <c>total/delivered</c> + <c>total/bounced</c> + <c>total/removed</c> (design section 7: counters).
    /// </summary>
    /// <remarks>Queues that are always there are always named; a quarantine is named while a mail is in it.</remarks>
    Task<ImmutableSortedDictionary<string, long>> CountAsync(CancellationToken cancellationToken);
}
