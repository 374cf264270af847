using System.Collections.Immutable;
using System.Net;

namespace Vsmtp.Configuration.Options;

/// <summary>The table <c>[server.smtp.rates]</c>: how much clients may send.</summary>
public sealed record RateOptions
{
    /// <summary>Of one client: an IPv4 address, or the /64 of an IPv6 address.</summary>
    public ClientRates Client { get; init; } = new();

    /// <summary>Of one network: a /24 of IPv4, a /48 of IPv6.</summary>
    public ClientRates Network { get; init; } = new();

    /// <summary>Whose rate is not looked at. Default: nobody's.</summary>
    public ImmutableArray<IPNetwork> Exempt { get; init; } = [];
}
