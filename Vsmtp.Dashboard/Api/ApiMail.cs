using System.Collections.Immutable;
using Vsmtp.Contracts.Mail;
using Vsmtp.Contracts.Queues;
using Vsmtp.Mail.Transfer;

namespace Vsmtp.Dashboard.Api;

/// <summary>A mail as the local API gives it, in lists.</summary>
/// <param name="Since">When it came to its queue, RFC 3339.</param>
public sealed record ApiMail(
    string Id,
    string Queue,
    string Sender,
    ImmutableArray<string> Recipients,
    string Subject,
    long Bytes,
    DateTimeOffset Since,
    int Attempts,
    string Reason)
{
    public static ApiMail Of(MailSummary mail) => new(
        mail.Id, mail.Queue, mail.Sender, mail.Recipients, mail.Subject, mail.Bytes, mail.Since, mail.Attempts, mail.Reason);
}

/// <summary>One recipient of an <see cref="ApiMailDetails"/>.</summary>
/// <param name="Target">Where to, for <c>forward</c>; else null.</param>
/// <param name="Result">What the last attempt met; null before one.</param>
public sealed record ApiRecipient(string Address, string Transport, string? Target, string Status, string? Result);

/// <summary>One event of a history.</summary>
/// <param name="Directive">Stage and name of the rule, as <c>postq "check email for virus"</c>; null where none ran.</param>
/// <param name="Source">As <c>main.vsl:12:9</c>; null where there is none.</param>
public sealed record ApiEvent(DateTimeOffset At, string Node, string What, string Why, string? Directive, string? Source);

/// <summary>A mail with all that is known of it.</summary>
/// <param name="Source">The rule that put it where it is; null where none did.</param>
/// <param name="WakeAt">When it goes on by itself; null: it waits for an operator or has ended.</param>
public sealed record ApiMailDetails(
    ApiMail Mail,
    string Client,
    string Helo,
    DateTimeOffset AcceptedAt,
    string RuleSet,
    string? Source,
    DateTimeOffset? WakeAt,
    ImmutableArray<ApiRecipient> Recipients,
    ImmutableArray<ApiEvent> Events)
{
    public static ApiMailDetails Of(MailDetails mail) => new(
        ApiMail.Of(mail.Summary),
        mail.State.Envelope.ClientAddress,
        mail.State.Envelope.Helo,
        mail.State.AcceptedAt,
        mail.State.RuleSet,
        mail.State.Source,
        mail.State.WakeAt,
        [.. mail.State.Envelope.Recipients.Select(Of)],
        [.. mail.Events.Select(e => new ApiEvent(e.At, e.Node, e.What, e.Why, e.Directive, e.Source))]);

    private static ApiRecipient Of(MailRecipient recipient) => new(
        recipient.Address,
        recipient.Transport.ToString().ToLowerInvariant(),
        recipient.Target is { } target ? ForwardUrl.WithoutSecrets(target) : null,
        recipient.Status.ToString().ToLowerInvariant(),
        recipient.LastResult);
}

/// <summary>What came of an operator's wish.</summary>
public sealed record ApiAnswer(bool IsDone, string Text);
