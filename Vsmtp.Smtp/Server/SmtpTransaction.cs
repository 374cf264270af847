using Vsmtp.Mail.Addresses;
using Vsmtp.Smtp.Commands;

namespace Vsmtp.Smtp.Server;

/// <summary>One mail transaction (RFC 5321 §3.3): it begins with MAIL and ends with the message, or with nothing.</summary>
public sealed class SmtpTransaction(
    SmtpSessionInfo session, SmtpHelo helo, ReversePath sender, MailParameters parameters, DateTimeOffset beganAt)
{
    private readonly List<SmtpRecipient> _recipients = [];

    public SmtpSessionInfo Session { get; } = session;

    public SmtpHelo Helo { get; } = helo;

    public ReversePath Sender { get; } = sender;

    public MailParameters Parameters { get; } = parameters;

    public DateTimeOffset BeganAt { get; } = beganAt;

    /// <summary>Where the peer says that the mail came from first; null where it says nothing. On a receiver every service may say it.</summary>
    public XForwardAttributes? ToldOrigin { get; init; }

    /// <summary>Those that were accepted, in order.</summary>
    public IReadOnlyList<SmtpRecipient> Recipients => _recipients;

    internal void Add(SmtpRecipient recipient) => _recipients.Add(recipient);
}
