using Vsmtp.Contracts.TlsPolicies;
using Vsmtp.Mail.Transfer;
using Vsmtp.Smtp.Client;

namespace Vsmtp.Delivery.TlsPolicies;

/// <summary>What the servers that take mail for a domain must have, and who says so.</summary>
/// <param name="Tls">Of each session.</param>
internal sealed record TlsDemand(SmtpTls Tls)
{
    /// <summary>Whose demand the TLS is, as it stands before what went wrong; empty where nobody demands any.</summary>
    public string Source { get; init; } = "";

    /// <summary>Null: the domain has none, or one that asks nothing.</summary>
    public StsDemand? Policy { get; init; }

    /// <summary>The stricter of what the site and what the domain's policy ask; where both ask for a proof of their own, both.</summary>
    /// <param name="domain">As A-labels.</param>
    /// <param name="policy">Null: there is none.</param>
    /// <param name="authorities">As <see cref="SmtpTls"/> has them.</param>
    public static TlsDemand Of(string domain, DestinationTls site, TlsPolicy? policy, string? authorities)
    {
        var (rule, key) = site.Find(domain);
        var demand = new TlsDemand(new SmtpTls(rule.Level, authorities) { Names = rule.Names, NeedsAlternativeName = rule.Names is null })
        {
            Source = rule.Level is TlsLevel.Encrypt or TlsLevel.Verify ? $"TLS as this site asks it of {key ?? "all domains"}" : "",
            Policy = StsDemand.Of(domain, policy),
        };
        return demand.Policy is { IsTrial: false } enforced
            ? demand with
            {
                Tls = demand.Tls with { Level = TlsLevel.Verify, NeedsAlternativeName = true },
                Source = rule.Level is TlsLevel.Verify ? $"{enforced.Source}, and {demand.Source}" : enforced.Source,
            }
            : demand;
    }

    /// <summary>For mail that does not leave in clear: TLS is at least tried.</summary>
    public TlsDemand OfSecured => Tls.Level is TlsLevel.None ? this with { Tls = Tls with { Level = TlsLevel.May } } : this;
}
