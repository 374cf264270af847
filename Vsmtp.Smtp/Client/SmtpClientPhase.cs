namespace Vsmtp.Smtp.Client;

/// <summary>How far a conversation was when something was decided or broke.</summary>
public enum SmtpClientPhase
{
    /// <summary>The name was resolved and the TCP connection made.</summary>
    Connect,

    /// <summary>We waited for the banner.</summary>
    Greeting,

    /// <summary>We said EHLO, LHLO or HELO.</summary>
    Helo,

    /// <summary>We said STARTTLS, or were in the handshake.</summary>
    StartTls,

    /// <summary>We signed on.</summary>
    Auth,

    /// <summary>We compared what the mail needs with what the server announced: the reply is our own, nothing was sent.</summary>
    Capabilities,

    /// <summary>We told where the mail came from first.</summary>
    XForward,
    Mail,
    Rcpt,

    /// <summary>We said DATA and waited for 354.</summary>
    Data,

    /// <summary>We sent the message.</summary>
    Content,

    /// <summary>The final dot is out; without its reply nobody knows whether the other side has the mail.</summary>
    EndOfData,

    /// <summary>We said RSET.</summary>
    Reset,

    /// <summary>We said QUIT.</summary>
    Quit,
}
