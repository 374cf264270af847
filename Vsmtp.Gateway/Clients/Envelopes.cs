using Vsmtp.Contracts.Mail;
using Vsmtp.Rules;
using Vsmtp.Smtp.Commands;
using Vsmtp.Smtp.Server;

namespace Vsmtp.Gateway.Clients;

/// <summary>From the session's and the rules' recipients to the mail's.</summary>
internal static class Envelopes
{
    private static readonly XForwardAttributes Untold = new();

    public static MailRecipient RecipientOf(RuleRecipient recipient)
    {
        var parameters = (recipient.Tag as SmtpRecipient)?.Parameters ?? RcptParameters.None;
        return new MailRecipient
        {
            Address = recipient.Address.ToString(),
            Transport = Enum.Parse<TransportKind>(recipient.Transport.ToString()),
            Target = recipient.Target,
            Notify = parameters.Notify is { } notify ? TextOf(notify) : null,
            OriginalRecipient = parameters.OriginalRecipient,
        };
    }

    /// <summary>Who tells nothing of it has told nothing.</summary>
    public static ToldOrigin? OriginOf(XForwardAttributes? told) => told is null || told == Untold ? null : new ToldOrigin
    {
        Name = told.Name,
        Address = told.Address?.ToString(),
        Port = told.Port,
        Protocol = told.Protocol,
        Helo = told.Helo,
        Identity = told.Identity,
        IsLocal = told.IsLocal,
    };

    /// <summary>As NOTIFY was given (RFC 3461 §4.1).</summary>
    private static string TextOf(DsnNotify notify) =>
        notify is DsnNotify.Never ? "NEVER" : notify.ToString().ToUpperInvariant().Replace(", ", ",", StringComparison.Ordinal);
}
