namespace Vsmtp.Contracts.Mail;

/// <summary>A mail that a service is to see before the client is answered.</summary>
/// <param name="Mail">As it would be accepted.</param>
/// <param name="Directive">The delegate directive of preq that the rules have come to, in the mail's own rule set.</param>
[GenerateSerializer, Immutable, Alias("vsmtp.offer-mail")]
public sealed record OfferMail([property: Id(0)] AcceptMail Mail, [property: Id(1)] string Directive);
