namespace Vsmtp.Smtp.Commands;

/// <summary>Why a command line was not understood.</summary>
public enum CommandFault
{
    None,

    /// <summary>Nothing but blanks, a blank in front, a NUL, or octets that are no UTF-8: 500.</summary>
    BadLine,

    /// <summary>Longer than the verb may be: 500.</summary>
    LineTooLong,

    /// <summary>501.</summary>
    BadArguments,

    /// <summary>MAIL's path is none: 501.</summary>
    BadSender,

    /// <summary>RCPT's path is none: 501.</summary>
    BadRecipient,

    /// <summary>555.</summary>
    UnknownParameter,

    /// <summary>A BDAT of which it cannot be told how many octets follow.</summary>
    BadChunk,
}
