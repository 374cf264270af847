using System.Collections.Immutable;

namespace Vsmtp.Contracts.Queues;

/// <summary>One row of a list of mails.</summary>
/// <param name="Bytes">Of the current content.</param>
/// <param name="Since">When it came to the queue that it is in.</param>
/// <param name="Attempts">Of delivery, or of the present delegation while in <c>delegated</c>.</param>
/// <param name="Reason">Why it is there; empty where nothing is to be said.</param>
public sealed record MailSummary(
    string Id,
    string Queue,
    string Sender,
    ImmutableArray<string> Recipients,
    string Subject,
    long Bytes,
    DateTimeOffset Since,
    int Attempts,
    string Reason);
