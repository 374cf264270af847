using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using Vsmtp.Dns.Names;

namespace Vsmtp.Dns.Messages;

/// <summary>One resource record of the class IN (RFC 1035 §3.2.1).</summary>
[SuppressMessage("Naming", "CA1720", Justification = "PTR is a word of DNS.")]
public abstract record DnsRecord
{
    private DnsRecord(DnsName owner, TimeSpan ttl) => (Owner, Ttl) = (owner, ttl);

    /// <summary>The name that has the record.</summary>
    public DnsName Owner { get; init; }

    /// <summary>For how long it may be kept, in whole seconds (RFC 2181 §8).</summary>
    public TimeSpan Ttl { get; init; }

    public abstract DnsType Type { get; }

    /// <summary>An IPv4 address (RFC 1035 §3.4.1).</summary>
    public sealed record A(DnsName Owner, TimeSpan Ttl, IPAddress Address) : DnsRecord(Owner, Ttl)
    {
        public override DnsType Type => DnsType.A;
    }

    /// <summary>An IPv6 address (RFC 3596 §2.2).</summary>
    public sealed record Aaaa(DnsName Owner, TimeSpan Ttl, IPAddress Address) : DnsRecord(Owner, Ttl)
    {
        public override DnsType Type => DnsType.Aaaa;
    }

    /// <summary>The name of which the owner is an alias (RFC 1035 §3.3.1).</summary>
    public sealed record Cname(DnsName Owner, TimeSpan Ttl, DnsName Target) : DnsRecord(Owner, Ttl)
    {
        public override DnsType Type => DnsType.Cname;
    }

    /// <summary>A host that takes mail for the owner; the lowest preference is tried first (RFC 1035 §3.3.9, RFC 5321 §5.1).</summary>
    public sealed record Mx(DnsName Owner, TimeSpan Ttl, int Preference, DnsName Exchange) : DnsRecord(Owner, Ttl)
    {
        public override DnsType Type => DnsType.Mx;
    }

    /// <summary>A server of the owner's zone (RFC 1035 §3.3.11).</summary>
    public sealed record Ns(DnsName Owner, TimeSpan Ttl, DnsName Server) : DnsRecord(Owner, Ttl)
    {
        public override DnsType Type => DnsType.Ns;
    }

    /// <summary>The name of the address that the owner stands for (RFC 1035 §3.3.12).</summary>
    public sealed record Ptr(DnsName Owner, TimeSpan Ttl, DnsName Target) : DnsRecord(Owner, Ttl)
    {
        public override DnsType Type => DnsType.Ptr;
    }

    /// <summary>The head of a zone (RFC 1035 §3.3.13).</summary>
    /// <param name="NegativeTtl">MINIMUM: for how long it may be kept that something is not in the zone (RFC 2308 §4).</param>
    public sealed record Soa(DnsName Owner, TimeSpan Ttl, DnsName PrimaryServer, DnsName Mailbox, uint Serial, TimeSpan NegativeTtl)
        : DnsRecord(Owner, Ttl)
    {
        public override DnsType Type => DnsType.Soa;
    }

    /// <summary>What a TLS server shows, or who signed it (RFC 6698 §2.1).</summary>
    /// <param name="Usage">0 PKIX-TA, 1 PKIX-EE, 2 DANE-TA, 3 DANE-EE (RFC 7218 §2.1).</param>
    /// <param name="Selector">0 the whole certificate, 1 its public key.</param>
    /// <param name="MatchingType">0 the thing itself, 1 its SHA-256, 2 its SHA-512.</param>
    public sealed record Tlsa(DnsName Owner, TimeSpan Ttl, byte Usage, byte Selector, byte MatchingType, ReadOnlyMemory<byte> Association)
        : DnsRecord(Owner, Ttl)
    {
        public override DnsType Type => DnsType.Tlsa;
    }

    /// <summary>Text in strings of up to 255 octets, of no defined encoding (RFC 1035 §3.3.14).</summary>
    public sealed record Txt(DnsName Owner, TimeSpan Ttl, ImmutableArray<ReadOnlyMemory<byte>> Strings) : DnsRecord(Owner, Ttl)
    {
        public override DnsType Type => DnsType.Txt;
    }

    /// <summary>A record of a type that is not read here (RFC 3597 §3).</summary>
    public sealed record Other(DnsName Owner, TimeSpan Ttl, DnsType OtherType, ReadOnlyMemory<byte> Data) : DnsRecord(Owner, Ttl)
    {
        public override DnsType Type => OtherType;
    }
}
