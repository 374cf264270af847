using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using Vsmtp.Dns.Names;

namespace Vsmtp.Dns.Messages;

/// <summary>The data of a record, by type. Data must be as long as it says, no shorter and no longer.</summary>
internal static class DnsRecordParser
{
    public static bool TryParse(DnsName owner, DnsType type, TimeSpan ttl, DnsReader data, [NotNullWhen(true)] out DnsRecord? record)
    {
        record = type switch
        {
            DnsType.A => data.TryReadBytes(4, out var octets) ? new DnsRecord.A(owner, ttl, new IPAddress(octets)) : null,
            DnsType.Aaaa => data.TryReadBytes(16, out var octets) ? new DnsRecord.Aaaa(owner, ttl, new IPAddress(octets)) : null,
            DnsType.Cname => data.TryReadName(out var target) ? new DnsRecord.Cname(owner, ttl, target) : null,
            DnsType.Mx => data.TryReadUInt16(out var preference) && data.TryReadName(out var exchange)
                ? new DnsRecord.Mx(owner, ttl, preference, exchange) : null,
            DnsType.Ns => data.TryReadName(out var server) ? new DnsRecord.Ns(owner, ttl, server) : null,
            DnsType.Ptr => data.TryReadName(out var target) ? new DnsRecord.Ptr(owner, ttl, target) : null,
            DnsType.Soa => ReadSoa(owner, ttl, ref data),
            DnsType.Tlsa => data.TryReadByte(out var usage) && data.TryReadByte(out var selector) && data.TryReadByte(out var matching)
                ? new DnsRecord.Tlsa(owner, ttl, usage, selector, matching, data.ReadRest().ToArray()) : null,
            DnsType.Txt => ReadTxt(owner, ttl, ref data),
            _ => new DnsRecord.Other(owner, ttl, type, data.ReadRest().ToArray()),
        };
        return record is not null && data.IsAtEnd;
    }

    private static DnsRecord.Soa? ReadSoa(DnsName owner, TimeSpan ttl, ref DnsReader data)
    {
        // Refresh, retry and expire are between the servers of the zone.
        return data.TryReadName(out var primary) && data.TryReadName(out var mailbox) && data.TryReadUInt32(out var serial)
            && data.TryReadBytes(12, out _) && data.TryReadUInt32(out var minimum)
            ? new DnsRecord.Soa(owner, ttl, primary, mailbox, serial, DnsTtl.FromSeconds(minimum)) : null;
    }

    private static DnsRecord.Txt? ReadTxt(DnsName owner, TimeSpan ttl, ref DnsReader data)
    {
        var strings = ImmutableArray.CreateBuilder<ReadOnlyMemory<byte>>(1);
        while (!data.IsAtEnd)
        {
            if (!data.TryReadByte(out var length) || !data.TryReadBytes(length, out var octets)) return null;
            strings.Add(octets.ToArray());
        }

        return new DnsRecord.Txt(owner, ttl, strings.ToImmutable());
    }
}
