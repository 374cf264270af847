namespace Vsmtp.Contracts.Mail;

/// <summary>One line of a mail's history.</summary>
/// <param name="At">When it was decided; the store keeps the order.</param>
/// <param name="Node">The process: host name and number.</param>
/// <param name="What">One or two words of the field: <c>accepted</c>, <c>rule</c>, <c>delegated</c>, <c>returned</c>, <c>delivered</c> …</param>
/// <param name="Why">The reason in words; replies of the other side whole. Never bodies or credentials.</param>
/// <param name="Directive">Stage and name of the rule that ran, as <c>postq "check email for virus"</c>; null where none did.</param>
/// <param name="Source">The deciding place as <c>main.vsl:12:9</c>; null where there is none.</param>
[GenerateSerializer, Immutable, Alias("vsmtp.mail-event")]
public sealed record MailEvent(
    [property: Id(0)] DateTimeOffset At,
    [property: Id(1)] string Node,
    [property: Id(2)] string What,
    [property: Id(3)] string Why,
    [property: Id(4)] string? Directive = null,
    [property: Id(5)] string? Source = null);
