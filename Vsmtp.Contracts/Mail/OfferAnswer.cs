namespace Vsmtp.Contracts.Mail;

/// <summary>How an offer stands.</summary>
[GenerateSerializer, Alias("vsmtp.offer-standing")]
public enum OfferStanding
{
    /// <summary>No verdict yet: ask again.</summary>
    Open,

    /// <summary>The rules let it pass; it is not accepted before <see cref="IMailGrain.Confirm"/> says so.</summary>
    Passed,

    /// <summary>It is accepted, and durable as such.</summary>
    Accepted,

    /// <summary>It is withdrawn and will never be delivered.</summary>
    Refused,
}

/// <summary>What a grain says of a mail that was offered to it.</summary>
/// <param name="Standing">How it stands.</param>
/// <param name="Reply">What the client is told of a mail that is refused; null for the site's usual refusal.</param>
/// <param name="Closes">The connection ends behind that reply.</param>
[GenerateSerializer, Immutable, Alias("vsmtp.offer-answer")]
public sealed record OfferAnswer(
    [property: Id(0)] OfferStanding Standing, [property: Id(1)] MailReply? Reply = null, [property: Id(2)] bool Closes = false)
{
    /// <summary>What a state says. Of one that has been accepted, whatever became of it since, that it is.</summary>
    public static OfferAnswer Of(MailState state) => state switch
    {
        { Phase: MailPhase.Offered, Offer.IsPassed: true } => Passed,
        { Phase: MailPhase.Offered } => Open,
        { Phase: MailPhase.Withdrawn, Offer: { } offer } => new OfferAnswer(OfferStanding.Refused, offer.Reply, offer.Closes),
        { Phase: MailPhase.Withdrawn or MailPhase.None } => Gone,
        _ => Accepted,
    };

    private static OfferAnswer Open { get; } = new(OfferStanding.Open);

    private static OfferAnswer Passed { get; } = new(OfferStanding.Passed);

    private static OfferAnswer Accepted { get; } = new(OfferStanding.Accepted);

    /// <summary>Withdrawn, and nobody knows more: the client may come again.</summary>
    public static OfferAnswer Gone { get; } = new(OfferStanding.Refused, new MailReply(451, "4.3.0", "Not accepted for now: come again"));
}
