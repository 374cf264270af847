using System.Collections.Immutable;

namespace Vsmtp.Contracts.Mail;

/// <summary>
/// A notification that is to be sent (RFC 3464): committed with the outcome that it tells of, and gone with the commit that follows its acceptance.
/// Its id stays the same, so that it is accepted once however often it is offered.
/// </summary>
[GenerateSerializer, Immutable, Alias("vsmtp.pending-notification")]
public sealed record PendingNotification
{
    /// <summary>Of the mail that it is to become.</summary>
    [Id(0)] public string Id { get; init; } = "";

    /// <summary>Whom it goes to: the sender, or the postmaster.</summary>
    [Id(1)] public string To { get; init; } = "";

    /// <summary>The recipients of this mail that it tells of, as in the envelope.</summary>
    [Id(2)] public ImmutableArray<string> Recipients { get; init; } = [];

    /// <summary>When this mail is tried again afterwards; null when no recipient waits.</summary>
    [Id(3)] public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>Until when it is tried; of use while a recipient waits.</summary>
    [Id(4)] public DateTimeOffset GiveUpAt { get; init; }
}
