using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Vsmtp.Contracts.Content;

namespace Vsmtp.Contracts.Mail;

/// <summary>All that is durable about a mail but its bytes and its history. One write of it is one transaction's share.</summary>
[GenerateSerializer, Immutable, Alias("vsmtp.mail-state")]
public sealed record MailState
{
    [Id(0)] public MailPhase Phase { get; init; }

    /// <summary>The name of its quarantine while <see cref="Phase"/> is that.</summary>
    [Id(1)] public string? Quarantine { get; init; }

    /// <summary>Why it is where it is, in words.</summary>
    [Id(2)] public string? Reason { get; init; }

    /// <summary>The rule that decided so, as <c>main.vsl:12:9</c>.</summary>
    [Id(3)] public string? Source { get; init; }

    [Id(4)] public MailEnvelope Envelope { get; init; } = new();

    /// <summary>The bytes as they were accepted; kept until the mail has left (design rule 6).</summary>
    [Id(5)] public ContentId? Original { get; init; }

    /// <summary>The bytes that rules see and that leave: the original's, or what a service returned.</summary>
    [Id(6)] public ContentId? Content { get; init; }

    /// <summary>What rules changed in the headers of <see cref="Content"/>, in order.</summary>
    [Id(7)] public ImmutableArray<HeaderChange> HeaderChanges { get; init; } = [];

    /// <summary>The content hash of the rule set under which it was accepted (design rule 9).</summary>
    [Id(8)] public string RuleSet { get; init; } = "";

    /// <summary>The stage whose rules are to be run: <c>postq</c> or <c>delivery</c>; <c>preq</c> for a mail that was delegated there.</summary>
    [Id(9)] public string Stage { get; init; } = "postq";

    /// <summary>A rule said faccept: no further rules.</summary>
    [Id(10)] public bool SkipsRules { get; init; }

    /// <summary>The visits that the present delegate directive asked for, one to each of its services; empty when none is open.</summary>
    [Id(24)] public ImmutableArray<DelegationState> Visits { get; init; } = [];

    /// <summary>Hashes of tickets of visits that are decided: a return with one of them is answered 250 and discarded.</summary>
    [Id(12)] public ImmutableArray<string> SpentTicketHashes { get; init; } = [];

    /// <summary>Visits to services so far; bounded, so that rules cannot send a mail round for ever.</summary>
    [Id(13)] public int Delegations { get; init; }

    /// <summary>Attempts to hand it to services so far, over all visits.</summary>
    [Id(22)] public int DelegationAttempts { get; init; }

    /// <summary>Returns that came too late or twice so far, up to the number that the history tells of.</summary>
    [Id(23)] public int Discards { get; init; }

    /// <summary>Delivery attempts so far.</summary>
    [Id(14)] public int Attempts { get; init; }

    /// <summary>For lists: attempts of the visit that needed most while the mail is at services, else those to deliver it.</summary>
    [JsonIgnore] public int PresentAttempts =>
        Phase is MailPhase.Delegated or MailPhase.Offered && !Visits.IsEmpty ? Visits.Max(visit => visit.Attempt) : Attempts;

    /// <summary>While it is offered, and once it is withdrawn, when it came.</summary>
    [Id(15)] public DateTimeOffset AcceptedAt { get; init; }

    /// <summary>When it came to the queue that it is in.</summary>
    [Id(16)] public DateTimeOffset Since { get; init; }

    /// <summary>When the sweep is to wake it; null when it waits for an operator or has ended.</summary>
    [Id(17)] public DateTimeOffset? WakeAt { get; init; }

    /// <summary>True while a process works on it; after a crash of that process the sweep wakes it at once.</summary>
    [Id(18)] public bool IsBusy { get; init; }

    /// <summary>The verdict that a client waits for, or was told at the end; null for a mail that is accepted, or withdrawn without one.</summary>
    [Id(40)] public MailOffer? Offer { get; init; }

    /// <summary>What its sender is to be told before it goes on; null: nothing.</summary>
    [Id(43)] public PendingNotification? Notification { get; init; }

    /// <summary>It is itself a notification of this program's.</summary>
    [Id(44)] public bool IsNotification { get; init; }

    /// <summary>For lists; at most 256 characters.</summary>
    [Id(19)] public string Subject { get; init; } = "";

    /// <summary>With what several services are asked at once; null otherwise.</summary>
    [Id(42)] public SentMail? Sent { get; init; }

    /// <summary>What services that keep the original brought back, the newest of each; kept until the mail has left.</summary>
    [Id(41)] public ImmutableArray<ServiceReturn> Returns { get; init; } = [];

    /// <summary>All bytes that are the mail's own; an ended mail has none.</summary>
    [JsonIgnore] public ImmutableArray<ContentId> Contents => Returns.IsEmpty && Original is { } only && Content?.Key == only.Key ? [only] :
    [
        .. new[] { Original, Content }.OfType<ContentId>().Concat(Returns.Select(returned => returned.Content)).DistinctBy(id => id.Key),
    ];

    /// <summary>What happened since the last write. Appended to the history in the same transaction, then dropped.</summary>
    [Id(20), JsonIgnore] public ImmutableArray<MailEvent> NewEvents { get; init; } = [];

    /// <summary>Small contents that this state names and the store has not; written in the same transaction, then dropped.</summary>
    [Id(21), JsonIgnore] public ImmutableArray<StagedContent> NewContents { get; init; } = [];
}
