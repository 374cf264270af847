namespace Vsmtp.Smtp.Wire;

/// <summary>How one wait for bytes ended.</summary>
internal enum WireRead
{
    /// <summary>There are bytes that were not looked at before.</summary>
    Bytes,

    EndOfInput,
    TimedOut,
    Shutdown,
}
