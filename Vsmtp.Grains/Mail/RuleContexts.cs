using System.Net;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Mail;
using Vsmtp.Mail.Addresses;
using Vsmtp.Mail.Headers;
using Vsmtp.Rules;

namespace Vsmtp.Grains.Mail;

/// <summary>From a mail's state to what rules see of it, and back.</summary>
internal static class RuleContexts
{
    /// <param name="contents">Gives rules the body, if they ask for it.</param>
    public static RuleContext FromState(string id, MailState state, HeaderBlock headers, IContentStore contents, IRuleLog log)
    {
        var (envelope, content) = (state.Envelope, state.Content!);
        var context = new RuleContext
        {
            Client = IPEndPoint.Parse(envelope.ClientAddress),
            Server = IPEndPoint.Parse(envelope.ServerAddress),
            ServerName = envelope.ServerName,
            ConnectedAt = envelope.ConnectedAt,
            IsSecured = envelope.IsSecured,
            TlsVersion = envelope.TlsVersion,
            TlsCipher = envelope.TlsCipher,
            IsAuthenticated = envelope.IsAuthenticated,
            Credentials = envelope.AuthMechanism is { } mechanism ? new RuleCredentials(mechanism, envelope.AuthenticatedAs ?? "") : null,
            Helo = envelope.Helo,
            Sender = envelope.Sender.Length == 0 ? ReversePath.Null : new ReversePath(MailAddress.Parse(envelope.Sender)),
            MailAt = envelope.MailAt,
            MessageId = id,
            Headers = headers,
            MessageBytes = content.Length,
            OpenBody = cancellation => contents.OpenBodyAsync(content, headers.ParsedBytes, cancellation),
            Log = log,
        };
        context.Recipients.AddRange(envelope.Recipients.Select(recipient => new RuleRecipient(MailAddress.Parse(recipient.Address))
        {
            Transport = Enum.Parse<RuleTransport>(recipient.Transport.ToString()),
            Target = recipient.Target,
            Tag = recipient,
        }));
        return context;
    }

    /// <summary>The state with what the rules changed in the envelope and in the headers.</summary>
    public static MailState ToState(MailState state, RuleContext context) => state with
    {
        Envelope = state.Envelope with
        {
            Sender = context.Sender!.Address?.ToString() ?? "",
            Recipients = [.. context.Recipients.Select(RecipientOf)],
        },
        HeaderChanges = [.. context.Headers!.Edits.Select(HeaderChange.Of)],
    };

    private static MailRecipient RecipientOf(RuleRecipient recipient) => (recipient.Tag as MailRecipient ?? new MailRecipient()) with
    {
        Address = recipient.Address.ToString(),
        Transport = Enum.Parse<TransportKind>(recipient.Transport.ToString()),
        Target = recipient.Target,
    };
}
