using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Vsmtp.Dns.Names;

namespace Vsmtp.Dns.Messages;

/// <summary>From the octets of a message to its parts; what is malformed anywhere is malformed as a whole.</summary>
/// <remarks>
/// Never throws, whatever the octets are. What it makes is bounded by them: a record takes at least 11 octets, and its names at most
/// <see cref="DnsName.MaxBytes"/> each.
/// </remarks>
internal static class DnsMessageParser
{
    private const ushort ClassIn = 1;

    /// <summary>
    /// Reads the header and the question alone: all that counts of a truncated answer, whose records may end anywhere (RFC 2181 §9).
    /// </summary>
    /// <param name="question">Null if there is none, or none of the class IN.</param>
    /// <returns>False if malformed, or if there are several questions, which nobody asks.</returns>
    public static bool TryParseHead(ReadOnlySpan<byte> message, out DnsHeader header, out DnsQuestion? question)
    {
        var reader = new DnsReader(message);
        return TryReadHead(ref reader, out header, out question);
    }

    /// <summary>Reads all of a message. What stands behind its last record is not looked at.</summary>
    /// <returns>False if malformed.</returns>
    public static bool TryParse(ReadOnlySpan<byte> message, [NotNullWhen(true)] out DnsMessage? parsed)
    {
        parsed = null;
        var reader = new DnsReader(message);
        var options = new Extensions();
        if (!TryReadHead(ref reader, out var header, out var question)
            || !TryReadRecords(ref reader, header.AnswerCount, null, out var answers)
            || !TryReadRecords(ref reader, header.AuthorityCount, null, out var authorities)
            || !TryReadRecords(ref reader, header.AdditionalCount, options, out var additionals))
        {
            return false;
        }

        parsed = new DnsMessage
        {
            Header = header,
            Question = question,
            Answers = answers,
            Authorities = authorities,
            Additionals = additionals,
            HasEdns = options.WasRead,
            ResponseCode = (DnsResponseCode)(header.ResponseCode | (options.ResponseCode << 4)),
        };
        return true;
    }

    private static bool TryReadHead(ref DnsReader reader, out DnsHeader header, out DnsQuestion? question)
    {
        question = null;
        if (!DnsHeader.TryRead(ref reader, out header) || header.QuestionCount > 1) return false;
        if (header.QuestionCount == 0) return true;
        if (!reader.TryReadName(out var name) || !reader.TryReadUInt16(out var type) || !reader.TryReadUInt16(out var @class)) return false;
        if (@class == ClassIn) question = new DnsQuestion(name, (DnsType)type);
        return true;
    }

    /// <param name="extensions">Takes the OPT record; null in the sections that have none (RFC 6891 §6.1.1).</param>
    private static bool TryReadRecords(
        ref DnsReader reader, int count, Extensions? extensions, out ImmutableArray<DnsRecord> records)
    {
        // Not as many as the header claims: it may claim 65535 in a message of 12 octets.
        var read = ImmutableArray.CreateBuilder<DnsRecord>(Math.Min(count, 16));
        records = [];
        for (var i = 0; i < count; i++)
        {
            if (!reader.TryReadName(out var owner) || !reader.TryReadUInt16(out var type) || !reader.TryReadUInt16(out var @class)
                || !reader.TryReadUInt32(out var ttl) || !reader.TryReadUInt16(out var length)
                || !reader.TryReadPart(length, out var data))
            {
                return false;
            }

            if ((DnsType)type == DnsType.Opt)
            {
                if (extensions is null || !extensions.TryTake(owner, ttl)) return false;
            }
            else if (@class == ClassIn)
            {
                if (!DnsRecordParser.TryParse(owner, (DnsType)type, DnsTtl.FromSeconds(ttl), data, out var record)) return false;
                read.Add(record);
            }
        }

        records = read.ToImmutable();
        return true;
    }

    /// <summary>The OPT record: in the root's name, once (RFC 6891 §6.1.1).</summary>
    private sealed class Extensions
    {
        public bool WasRead { get; private set; }

        /// <summary>The upper eight bits of the response code.</summary>
        public int ResponseCode { get; private set; }

        /// <param name="flags">Where other records have their TTL: response code, version, flags (RFC 6891 §6.1.3).</param>
        public bool TryTake(DnsName owner, uint flags)
        {
            if (WasRead || !owner.IsRoot) return false;
            WasRead = true;
            ResponseCode = (int)(flags >> 24);
            return true;
        }
    }
}
