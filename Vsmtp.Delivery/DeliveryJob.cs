using System.Collections.Immutable;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Mail;

namespace Vsmtp.Delivery;

/// <summary>One attempt to deliver one mail. The grain has committed it before it is offered (design rule 3).</summary>
public sealed record DeliveryJob
{
    public required string MailId { get; init; }

    /// <summary>From 1; with <see cref="MailId"/> it names the attempt.</summary>
    public required int Attempt { get; init; }

    /// <summary>Its recipients that are <see cref="RecipientStatus.Waiting"/> are tried, no others.</summary>
    public required MailEnvelope Envelope { get; init; }

    public required ContentId Content { get; init; }

    /// <summary>Made on the content's header section as it leaves, in order.</summary>
    public ImmutableArray<HeaderChange> HeaderChanges { get; init; } = [];

    public override string ToString() => $"{MailId} attempt {Attempt}";
}
