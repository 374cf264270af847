namespace Vsmtp.EndToEnd.Tests.Killing;

/// <summary>Where a mail is when the server is killed.</summary>
internal enum KillMoment
{
    /// <summary>A client has sent half of a message.</summary>
    WithinData,

    /// <summary>A client has sent the dot and waits for the reply.</summary>
    AtDot,

    /// <summary>The client has its 250, the scanner has not seen MAIL.</summary>
    BeforeMail,

    /// <summary>The scanner has sent the dot to the receiver and waits for the reply.</summary>
    AtReturnDot,

    /// <summary>The receiver has committed and answered 250; the scanner has not seen it.</summary>
    BeforeReturnReply,

    /// <summary>The relay host has taken the message; its 250 has not gone out.</summary>
    RelayTook,

    /// <summary>The relay host has the message and will not take it.</summary>
    RelayLost,
}
