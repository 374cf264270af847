namespace Vsmtp.Smtp.Server;

/// <summary>Why a transaction ended before its DATA was taken.</summary>
public enum TransactionEnd
{
    /// <summary>RSET.</summary>
    Reset,

    /// <summary>A new HELO or EHLO (RFC 5321 §4.1.4).</summary>
    Helo,

    /// <summary>QUIT.</summary>
    Quit,

    /// <summary>The client hung up.</summary>
    ConnectionLost,

    /// <summary>The client fell silent.</summary>
    TimedOut,

    /// <summary>We hung up: a verdict, too many errors, faulty line ends, or the server stops.</summary>
    Closed,
}
