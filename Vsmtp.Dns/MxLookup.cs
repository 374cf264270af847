using System.Collections.Immutable;
using Vsmtp.Dns.Names;

namespace Vsmtp.Dns;

/// <summary>A host that takes mail for a domain.</summary>
/// <param name="Preference">0 to 65535; the lowest is tried first (RFC 5321 §5.1).</param>
public readonly record struct MailExchange(int Preference, DnsName Host);

/// <summary>Who takes mail for a domain (RFC 5321 §5.1).</summary>
public abstract record MxLookup
{
    private MxLookup()
    {
    }

    /// <summary>
    /// As <see cref="DnsAnswer.IsAuthenticated"/>; RFC 7672 §2.2.1 wants it before the hosts' TLSA records are looked up.
    /// </summary>
    public bool IsAuthenticated { get; init; }

    /// <param name="Exchanges">
    /// At least one, by rising preference. Those of the same stand in the server's order: who delivers mixes them (RFC 5321 §5.1).
    /// </param>
    /// <param name="Ttl">For how much longer they hold.</param>
    public sealed record Found(ImmutableArray<MailExchange> Exchanges, TimeSpan Ttl) : MxLookup;

    /// <summary>The domain takes no mail, and says so (RFC 7505 §3): one record with the root for a host.</summary>
    public sealed record NullMx : MxLookup;

    /// <summary>The name exists and has no MX: the domain itself is the host (RFC 5321 §5.1, the implicit MX).</summary>
    public sealed record NoData : MxLookup;

    /// <summary>As <see cref="DnsAnswer.NoSuchName"/>: an error for good (RFC 5321 §5.1).</summary>
    public sealed record NoSuchName : MxLookup;

    /// <summary>As <see cref="DnsAnswer.FailedForNow"/>: the mail is kept and tried again (RFC 5321 §5.1).</summary>
    public sealed record FailedForNow(string Detail) : MxLookup;
}
