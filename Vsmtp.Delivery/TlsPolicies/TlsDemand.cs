using System.Collections.Immutable;
using Vsmtp.Contracts.TlsPolicies;
using Vsmtp.Mail.Transfer;
using Vsmtp.Smtp.Client;

namespace Vsmtp.Delivery.TlsPolicies;

/// <summary>What the servers that take mail for a domain must have, and who says so.</summary>
/// <param name="Tls">Of each session.</param>
internal sealed record TlsDemand(SmtpTls Tls)
{
    /// <summary>Whose demand it is, as it stands before what went wrong; empty where nobody demands anything.</summary>
    public string Source { get; init; } = "";

    /// <summary>Patterns of which each host must match one; null: any host will do.</summary>
    public ImmutableArray<string>? Hosts { get; init; }

    /// <summary>Nothing is held up; what would have been is only told.</summary>
    public bool IsTrial { get; init; }

    /// <summary>TLS where it is offered, whoever it is.</summary>
    /// <param name="authorities">As <see cref="SmtpTls"/> has them.</param>
    public static TlsDemand Opportunistic(string? authorities) => new(new SmtpTls(TlsLevel.May, authorities));

    /// <summary>What a domain's policy asks (RFC 8461 §5).</summary>
    /// <param name="policy">Null: there is none.</param>
    public static TlsDemand Of(string domain, TlsPolicy? policy, string? authorities) => policy?.Mode switch
    {
        TlsPolicyMode.Enforce => Of(domain, policy, TlsLevel.Verify, authorities),
        TlsPolicyMode.Testing => Of(domain, policy, TlsLevel.May, authorities) with { IsTrial = true },
        _ => Opportunistic(authorities),
    };

    public bool Admits(string host) => Hosts is not { } patterns || patterns.Any(pattern => HostPattern.Matches(pattern, host));

    private static TlsDemand Of(string domain, TlsPolicy policy, TlsLevel level, string? authorities) =>
        new(new SmtpTls(level, authorities) { NeedsAlternativeName = true }) { Source = $"MTA-STS policy of {domain}", Hosts = policy.Hosts };
}
