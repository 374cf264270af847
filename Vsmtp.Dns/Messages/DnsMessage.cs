using System.Collections.Immutable;

namespace Vsmtp.Dns.Messages;

/// <summary>An answer, read whole (RFC 1035 §4.1). Records of other classes than IN are left out.</summary>
internal sealed record DnsMessage
{
    public required DnsHeader Header { get; init; }

    /// <summary>What the answer is to; null where the server gives no question back, as some do with an error.</summary>
    public required DnsQuestion? Question { get; init; }

    public required ImmutableArray<DnsRecord> Answers { get; init; }

    public required ImmutableArray<DnsRecord> Authorities { get; init; }

    public required ImmutableArray<DnsRecord> Additionals { get; init; }

    /// <summary>Whether the server speaks EDNS (RFC 6891 §6.1.1).</summary>
    public required bool HasEdns { get; init; }

    /// <summary>With the eight bits that EDNS adds (RFC 6891 §6.1.3).</summary>
    public required DnsResponseCode ResponseCode { get; init; }
}
