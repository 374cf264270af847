namespace Vsmtp.Smtp.Server;

/// <summary>Why a message that was begun is not taken.</summary>
public enum MessageAbort
{
    /// <summary>The client is gone, or the server stops.</summary>
    ConnectionLost,

    /// <summary>The client fell silent.</summary>
    TimedOut,

    /// <summary>The client took it back between two chunks: RSET, QUIT or a new HELO.</summary>
    Withdrawn,

    /// <summary>More octets than the server takes.</summary>
    TooBig,

    /// <summary>A larger header section than the server takes.</summary>
    HeaderTooBig,

    /// <summary>
    /// A bare CR, a bare LF or a NUL: what another server takes for the end of a message may be none (SMTP smuggling).
    /// </summary>
    BadContent,

    /// <summary>A longer line than the server takes.</summary>
    LineTooLong,

    /// <summary>The sink itself failed.</summary>
    SinkFailed,
}
