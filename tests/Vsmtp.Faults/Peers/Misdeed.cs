namespace Vsmtp.Faults.Peers;

/// <summary>What a peer does instead of what it should.</summary>
internal enum Misdeed
{
    /// <summary>Closes the connection.</summary>
    HangUp,

    /// <summary>Says nothing and keeps the connection.</summary>
    Hang,

    /// <summary>Answers, late.</summary>
    Slow,

    /// <summary>Says what is no reply.</summary>
    Garbage,

    /// <summary>A 4yz.</summary>
    Refuse,
}
