namespace Vsmtp.Grains.Tests.SeveralHosts;

/// <summary>What a host answers: one of each class (RFC 5321 §4.2.1), and what is no answer.</summary>
public enum Word
{
    Positive,
    Intermediate,
    Transient,

    /// <summary>421 and the end of the connection.</summary>
    Closing,
    Permanent,

    /// <summary>521: no mail at all, from nobody (RFC 7504).</summary>
    NoMailHost,
    Garbage,
    HangsUp,
    Silence,
}
