using System.Collections.Immutable;

namespace Vsmtp.Contracts.Mail;

/// <summary>The mail as several services get it: whatever the handler of one changes, the others' later attempts send the same.</summary>
[GenerateSerializer, Immutable, Alias("vsmtp.sent-mail")]
public sealed record SentMail([property: Id(0)] MailEnvelope Envelope, [property: Id(1)] ImmutableArray<HeaderChange> HeaderChanges);
