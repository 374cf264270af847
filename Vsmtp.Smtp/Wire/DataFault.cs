namespace Vsmtp.Smtp.Wire;

/// <summary>What is wrong with a message's bytes; the first fault counts.</summary>
internal enum DataFault
{
    None,

    /// <summary>A CR without LF, an LF without CR, or a NUL.</summary>
    BadContent,

    LineTooLong,
    HeaderTooBig,
    MessageTooBig,
}
