using System.Text;
using Vsmtp.Smtp.Replies;

namespace Vsmtp.Smtp.Server;

/// <summary>The replies whose words a site may choose (<c>server.smtp.codes</c>).</summary>
public sealed record SmtpReplySet
{
    public SmtpReply Help { get; init; } = SmtpReplies.Help;

    public SmtpReply Closing { get; init; } = SmtpReplies.Closing;

    /// <summary>To HELO; EHLO's answer is made from the extensions. No enhanced code (RFC 2034 §4).</summary>
    public SmtpReply Helo { get; init; } = new(250, "Ok");

    /// <summary>To RSET, NOOP and the end of a message that a policy gives no reply of its own.</summary>
    /// <exception cref="ArgumentException">It takes more than one line: behind a RSET, clamsmtpd loses count on two.</exception>
    public SmtpReply Ok
    {
        get;
        init => field = OneLine(value);
    } = SmtpReplies.Ok;

    public SmtpReply SenderOk { get; init; } = SmtpReplies.SenderOk;

    public SmtpReply RecipientOk { get; init; } = SmtpReplies.RecipientOk;

    /// <summary>354.</summary>
    /// <exception cref="ArgumentException">It takes more than one line: clamsmtpd hangs on two. Or its code is another.</exception>
    public SmtpReply DataStart
    {
        get;
        init => field = value.Code == 354
            ? OneLine(value)
            : throw new ArgumentException("The reply to DATA is 354.", nameof(value));
    } = SmtpReplies.DataStart;

    public SmtpReply LocalError { get; init; } = SmtpReplies.LocalError;

    public SmtpReply UnknownCommand { get; init; } = SmtpReplies.UnknownCommand;

    public SmtpReply BadArguments { get; init; } = SmtpReplies.BadArguments;

    public SmtpReply UnknownParameter { get; init; } = SmtpReplies.UnknownParameter;

    public SmtpReply NotImplemented { get; init; } = SmtpReplies.NotImplemented;

    public SmtpReply BadSequence { get; init; } = SmtpReplies.BadSequence;

    public SmtpReply TlsNotAvailable { get; init; } = SmtpReplies.TlsNotAvailable;

    /// <summary>The handshake follows.</summary>
    public SmtpReply TlsGoAhead { get; init; } = SmtpReplies.TlsGoAhead;

    public SmtpReply AlreadyUnderTls { get; init; } = SmtpReplies.AlreadyUnderTls;

    public SmtpReply TlsRequired { get; init; } = SmtpReplies.TlsRequired;

    public SmtpReply Authenticated { get; init; } = SmtpReplies.Authenticated;

    public SmtpReply MechanismUnknown { get; init; } = SmtpReplies.MechanismUnknown;

    public SmtpReply ClientMustNotStart { get; init; } = SmtpReplies.ClientMustNotStart;

    public SmtpReply MechanismNeedsTls { get; init; } = SmtpReplies.MechanismNeedsTls;

    public SmtpReply BadCredentials { get; init; } = SmtpReplies.BadCredentials;

    public SmtpReply AuthRequired { get; init; } = SmtpReplies.AuthRequired;

    public SmtpReply AuthCancelled { get; init; } = SmtpReplies.AuthCancelled;

    public SmtpReply NotBase64 { get; init; } = SmtpReplies.NotBase64;

    public SmtpReply AuthNotNow { get; init; } = SmtpReplies.AuthNotNow;

    public SmtpReply TooManyErrors { get; init; } = SmtpReplies.TooManyErrors;

    public SmtpReply TimedOut { get; init; } = SmtpReplies.TimedOut;

    public SmtpReply TooManyRecipients { get; init; } = SmtpReplies.TooManyRecipients;

    public SmtpReply MessageTooBig { get; init; } = SmtpReplies.MessageTooBig;

    private static SmtpReply OneLine(SmtpReply reply)
    {
        // The codes and the CRLF have their share of the line too.
        var room = SmtpReplyWriter.MaxLineBytes - 20;
        return reply.Lines.Length == 1 && Encoding.UTF8.GetByteCount(reply.Text) <= room
            ? reply
            : throw new ArgumentException($"'{reply.Text}' must be one line of at most {room} octets.", nameof(reply));
    }
}
