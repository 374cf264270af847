namespace Vsmtp.Configuration.Options;

/// <summary>The table <c>[server.dns.options]</c>.</summary>
public sealed record DnsQueryOptions
{
    /// <summary>For one question to one server. Default: 5 seconds.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Tries after the first that failed. Default: 2.</summary>
    public int Attempts { get; init; } = 2;

    /// <summary>The servers take turns. Default: false.</summary>
    public bool Rotate { get; init; }

    /// <summary>Asks the server to validate (RFC 4035); one that finds a forgery says that it failed. Default: false.</summary>
    public bool Dnssec { get; init; }

    /// <summary>Default: <see cref="DnsAddressOrder.Ipv4thenIpv6"/>.</summary>
    public DnsAddressOrder IpStrategy { get; init; } = DnsAddressOrder.Ipv4thenIpv6;

    /// <summary>Answers kept. Default: 32.</summary>
    public int CacheSize { get; init; } = 32;

    /// <summary>hosts(5) goes before the servers. Default: true.</summary>
    public bool UseHostsFile { get; init; } = true;

    /// <summary>Servers asked at the same time. Default: 2.</summary>
    public int ConcurrentRequests { get; init; } = 2;
}
