using System.Collections.Immutable;
using System.Net;

namespace Vsmtp.Configuration.Options;

/// <summary>The table <c>[server.dns]</c>: how names are resolved.</summary>
public sealed record DnsOptions
{
    /// <summary>Default: <see cref="DnsSource.System"/>.</summary>
    public DnsSource Type { get; init; }

    /// <summary>
    /// <c>server.dns.config.name_servers</c>, port 53 unless given; asked for <see cref="DnsSource.Custom"/> only, and then never
    /// empty. Default: empty.
    /// </summary>
    public ImmutableArray<IPEndPoint> NameServers { get; init; } = [];

    /// <summary><c>server.dns.options</c>: not for <see cref="DnsSource.System"/>.</summary>
    public DnsQueryOptions Options { get; init; } = new();
}
