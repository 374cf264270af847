namespace Vsmtp.Smtp.Server;

/// <summary>Why a session ended.</summary>
public enum SessionEnd
{
    /// <summary>QUIT.</summary>
    Quit,

    /// <summary>The client hung up, or does not take our replies.</summary>
    ConnectionLost,

    /// <summary>The client fell silent.</summary>
    TimedOut,

    /// <summary>A policy said so.</summary>
    Refused,

    /// <summary>The hard limit of errors.</summary>
    TooManyErrors,

    /// <summary>A command line with a bare CR or LF, or without an end; or an end of data right behind such an octet.</summary>
    BadLine,

    /// <summary>No TLS handshake, or something else in its place.</summary>
    TlsFailed,

    /// <summary>The server stops.</summary>
    Shutdown,
}
