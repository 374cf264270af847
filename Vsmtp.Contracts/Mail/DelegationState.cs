using System.Collections.Immutable;

namespace Vsmtp.Contracts.Mail;

/// <summary>How far the present attempt of a delegation is.</summary>
[GenerateSerializer, Alias("vsmtp.delegation-step")]
public enum DelegationStep
{
    /// <summary>Committed; the sender is to offer the mail to the service.</summary>
    Sending,

    /// <summary>The service could not take it; the next attempt comes at the wake-up.</summary>
    Retrying,

    /// <summary>The service answered 250; it has until the deadline to bring the mail back.</summary>
    AwaitingReturn,

    /// <summary>An outcome is known; its consequence is the next turn's work.</summary>
    Decided,

    /// <summary>The service is down, or many mails are ahead: no attempt is counted, and the next one comes when the sender calls.</summary>
    Waiting,

    /// <summary>The outcome's handler let the mail go on; outcomes of other services of the directive are awaited.</summary>
    Handled,
}

/// <summary>What became of a delegation (design rule 7).</summary>
[GenerateSerializer, Alias("vsmtp.delegation-outcome")]
public enum DelegationOutcome
{
    /// <summary>None yet.</summary>
    Open,

    /// <summary>The service brought the mail back; whether it was scanned is seen from its headers.</summary>
    Returned,

    /// <summary>The service refused it with 5yz.</summary>
    Rejected,

    /// <summary>The service took it and did not bring it back.</summary>
    Absorbed,

    /// <summary>The service was not asked, or brought the mail back without proof of a scan.</summary>
    Unscanned,

    /// <summary>The service could not be reached or kept answering 4yz until the site's patience ended.</summary>
    Failed,
}

/// <summary>One visit of a mail to a service, with all its attempts.</summary>
[GenerateSerializer, Immutable, Alias("vsmtp.delegation-state")]
public sealed record DelegationState
{
    [Id(0)] public string Service { get; init; } = "";

    [Id(1)] public string Stage { get; init; } = "";

    [Id(2)] public string Directive { get; init; } = "";

    /// <summary>Within this visit, from 1.</summary>
    [Id(3)] public int Attempt { get; init; }

    /// <summary>The attempt's number over all visits of the mail: a late report of an earlier visit is not taken for this one's.</summary>
    [Id(12)] public int Serial { get; init; }

    [Id(4)] public DateTimeOffset FirstTriedAt { get; init; }

    [Id(5)] public DelegationStep Step { get; init; }

    [Id(6)] public DelegationOutcome Outcome { get; init; }

    /// <summary>SHA-256 of the tickets of all attempts of this visit, the present one's last. Any of them resumes while this is open.</summary>
    [Id(7)] public ImmutableArray<string> TicketHashes { get; init; } = [];

    /// <summary>When the service's 2yz was known here; null before.</summary>
    [Id(13)] public DateTimeOffset? AnsweredAt { get; init; }

    /// <summary>Until when the service may bring the mail back.</summary>
    [Id(8)] public DateTimeOffset ReturnDeadline { get; init; }

    /// <summary>The receiver saw the present attempt's MAIL, then RSET or QUIT without DATA.</summary>
    [Id(9)] public bool WasLetGo { get; init; }

    /// <summary>The service's last reply, or why it could not be asked.</summary>
    [Id(10)] public string? LastResult { get; init; }

    /// <summary>Where the directive stands, as <c>main.vsl:12:9</c>.</summary>
    [Id(11)] public string? Source { get; init; }

    /// <summary>When something of this visit is due: the next attempt, the deadline, or that a lost job is offered again; null once decided.</summary>
    [Id(14)] public DateTimeOffset? DueAt { get; init; }

    /// <summary>What speaks for it that the mail itself breaks the service.</summary>
    [Id(20)] public MailSuspicion Suspicion { get; init; } = MailSuspicion.None;

    /// <summary>Of a return only the service's own headers are taken over (<c>keep_original</c>).</summary>
    [Id(25)] public bool KeepsOriginal { get; init; }

    /// <summary>The headers that were removed from the mail before the visit: what stands there under these names is no sender's word.</summary>
    [Id(21)] public ImmutableArray<string> ClearedHeaders { get; init; } = [];

    /// <summary>The service's last reply, whole; null: it has given none, or the mail came back before one.</summary>
    [Id(22)] public string? LastReply { get; init; }

    /// <summary>When the outcome was known; null while it is open.</summary>
    [Id(23)] public DateTimeOffset? DecidedAt { get; init; }

    /// <summary>The outcome's handler said accept while others were awaited: its word for the time when all are in.</summary>
    [Id(24)] public bool HasConsented { get; init; }
}
