namespace Vsmtp.Grains.Tests.SeveralHosts;

/// <summary>To what a host gives its answer, in the order of a conversation.</summary>
public enum Command
{
    Connect,
    Ehlo,

    /// <summary>EHLO, of which the host knows nothing, and then HELO.</summary>
    Helo,
    Mail,

    /// <summary>Of the first recipient; another one is taken.</summary>
    Rcpt,
    Data,

    /// <summary>The end of the message.</summary>
    Dot,
}
