namespace Vsmtp.Smtp.Client;

/// <summary>Why a conversation ended before its time.</summary>
public enum SmtpBreak
{
    /// <summary>The other side closed or reset the connection.</summary>
    Closed,

    /// <summary>The other side did not answer, or did not take our octets, in time.</summary>
    TimedOut,

    /// <summary>What came was no reply, too long a reply, or a reply that cannot stand there.</summary>
    Protocol,

    /// <summary>The handshake of TLS failed, or the certificate is not good enough.</summary>
    Tls,
}

/// <summary>A conversation broke: the connection does not survive, and what was not answered may or may not have been done.</summary>
public sealed class SmtpConversationException(
    SmtpClientPhase phase, SmtpBreak reason, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    public SmtpClientPhase Phase { get; } = phase;

    public SmtpBreak Reason { get; } = reason;
}
