using Vsmtp.Smtp.Replies;

namespace Vsmtp.Smtp.Client;

/// <summary>
/// There is no session: no address, no connection, no banner, or the banner or EHLO was refused, or there is not the TLS that is asked for.
/// No mail was begun.
/// </summary>
public sealed class SmtpConnectException : Exception
{
    public SmtpConnectException(SmtpClientPhase phase, string message, Exception? innerException = null)
        : base(message, innerException) => Phase = phase;

    public SmtpConnectException(SmtpClientPhase phase, SmtpReply reply)
        : base($"{Asked(phase)}refused with {reply}")
    {
        Phase = phase;
        Reply = reply;
    }

    /// <summary>Not beyond <see cref="SmtpClientPhase.Auth"/>.</summary>
    public SmtpClientPhase Phase { get; }

    /// <summary>What the server refused us with; null when it said nothing.</summary>
    public SmtpReply? Reply { get; }

    private static string Asked(SmtpClientPhase phase) => phase switch
    {
        SmtpClientPhase.StartTls => "STARTTLS was ",
        SmtpClientPhase.Auth => "name and password were ",
        _ => "",
    };

    /// <summary>STARTTLS ended the session (421), or the handshake went wrong, though nobody tampered with what came before it.</summary>
    internal bool IsOfTlsItself =>
        Phase == SmtpClientPhase.StartTls && (Reply is not null || InnerException is SmtpConversationException { Reason: not SmtpBreak.Protocol });
}
