using System.Collections.Immutable;
using Vsmtp.Dns.Messages;
using Vsmtp.Dns.Names;

namespace Vsmtp.Dns;

/// <summary>What is known of a name and a type.</summary>
/// <remarks>
/// "There is none" (<see cref="NoData"/>, <see cref="NoSuchName"/>) is what a server said; where nobody could say, it is
/// <see cref="FailedForNow"/>, and a mail waits (RFC 5321 §5.1).
/// </remarks>
public abstract record DnsAnswer
{
    private DnsAnswer()
    {
    }

    /// <summary>For how much longer the answer may be kept; zero: not at all.</summary>
    public TimeSpan Ttl { get; init; }

    /// <summary>
    /// Whether a validating resolver on this machine found all of it signed (AD, RFC 4035 §3.2.3). Always false without
    /// <see cref="DnsResolverOptions.Dnssec"/>, and for answers of servers elsewhere, which anyone on the way could have written
    /// (RFC 6698 appendix A.3, RFC 7672 §2.2).
    /// </summary>
    public bool IsAuthenticated { get; init; }

    /// <summary>There are records.</summary>
    /// <param name="CanonicalName">The name that has them: the one that was asked for, or the end of its aliases.</param>
    /// <param name="Values">At least one, all of the type that was asked for, in the server's order.</param>
    public sealed record Records(DnsName CanonicalName, ImmutableArray<DnsRecord> Values) : DnsAnswer;

    /// <summary>The name exists, and has no record of the type (RFC 2308 §2.2).</summary>
    public sealed record NoData : DnsAnswer;

    /// <summary>The name does not exist (NXDOMAIN, RFC 2308 §2.1), or could not be in DNS.</summary>
    public sealed record NoSuchName : DnsAnswer;

    /// <summary>Nobody could say; a later try may succeed.</summary>
    /// <param name="Detail">For the log: the servers that were asked, and what each said.</param>
    public sealed record FailedForNow(string Detail) : DnsAnswer;
}
