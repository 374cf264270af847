namespace Vsmtp.Grains.Tests.SeveralHosts;

/// <summary>What becomes of a mail at the other host of a domain.</summary>
public enum SecondHost
{
    TakesIt,

    /// <summary>4yz to each RCPT.</summary>
    NotNow,

    /// <summary>5yz to each RCPT.</summary>
    Never,

    /// <summary>521 at the banner.</summary>
    NoMailHost,

    /// <summary>Nobody listens.</summary>
    IsDown,
}
