namespace Vsmtp.Smtp.Wire;

/// <summary>How waiting for the client ended.</summary>
internal enum LineOutcome
{
    /// <summary>A line came, and ended with CRLF.</summary>
    Line,

    /// <summary>A line came that is longer than any command; it was passed over.</summary>
    TooLong,

    /// <summary>A bare CR or LF, or a line without an end: nothing that follows can be trusted.</summary>
    BadLineEnd,

    /// <summary>The client closed its side.</summary>
    EndOfInput,

    TimedOut,

    /// <summary>The server stops.</summary>
    Shutdown,
}
