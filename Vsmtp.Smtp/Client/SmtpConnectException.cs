using Vsmtp.Smtp.Replies;

namespace Vsmtp.Smtp.Client;

/// <summary>There is no session: no address, no connection, no banner, or the banner or EHLO was refused. No mail was begun.</summary>
public sealed class SmtpConnectException : Exception
{
    public SmtpConnectException(SmtpClientPhase phase, string message, Exception? innerException = null)
        : base(message, innerException) => Phase = phase;

    public SmtpConnectException(SmtpClientPhase phase, SmtpReply reply)
        : base($"refused with {reply}")
    {
        Phase = phase;
        Reply = reply;
    }

    /// <summary>Not beyond <see cref="SmtpClientPhase.Helo"/>.</summary>
    public SmtpClientPhase Phase { get; }

    /// <summary>What the server refused us with; null when it said nothing.</summary>
    public SmtpReply? Reply { get; }
}
