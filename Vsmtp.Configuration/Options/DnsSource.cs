namespace Vsmtp.Configuration.Options;

/// <summary>Who is asked.</summary>
public enum DnsSource
{
    /// <summary>The name servers of the machine (resolv.conf(5)).</summary>
    System,

    /// <summary>8.8.8.8 and its kin.</summary>
    Google,

    /// <summary>1.1.1.1 and its kin.</summary>
    Cloudflare,

    /// <summary>Those of <see cref="DnsOptions.NameServers"/>.</summary>
    Custom,
}
