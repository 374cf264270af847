using System.Collections.Immutable;
using Vsmtp.Contracts.TlsPolicies;

namespace Vsmtp.Delivery.TlsPolicies;

/// <summary>What a domain's MTA-STS policy asks beside TLS (RFC 8461 §5).</summary>
/// <param name="Source">As it stands before what went wrong.</param>
/// <param name="Hosts">Patterns of which each host must match one.</param>
/// <param name="IsTrial">Nothing is held up by it; what would have been is only told.</param>
internal sealed record StsDemand(string Source, ImmutableArray<string> Hosts, bool IsTrial)
{
    /// <param name="policy">Null: there is none.</param>
    public static StsDemand? Of(string domain, TlsPolicy? policy) => policy is { Mode: TlsPolicyMode.Enforce or TlsPolicyMode.Testing }
        ? new StsDemand($"MTA-STS policy of {domain}", policy.Hosts, policy.Mode == TlsPolicyMode.Testing)
        : null;

    public bool Admits(string host) => Hosts.Any(pattern => HostPattern.Matches(pattern, host));
}
