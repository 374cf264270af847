namespace Vsmtp.Dns.Messages;

/// <summary>The first 12 octets of a message (RFC 1035 §4.1.1).</summary>
internal readonly record struct DnsHeader
{
    public const int Bytes = 12;

    public const ushort ResponseFlag = 0x8000;
    public const ushort AuthoritativeFlag = 0x0400;
    public const ushort TruncatedFlag = 0x0200;
    public const ushort RecursionDesiredFlag = 0x0100;
    public const ushort RecursionAvailableFlag = 0x0080;

    /// <summary>AD (RFC 4035 §3.2.3); in a question: "I know what it means" (RFC 6840 §5.7).</summary>
    public const ushort AuthenticDataFlag = 0x0020;

    public ushort Id { get; init; }

    public ushort Flags { get; init; }

    public ushort QuestionCount { get; init; }

    public ushort AnswerCount { get; init; }

    public ushort AuthorityCount { get; init; }

    public ushort AdditionalCount { get; init; }

    public bool IsResponse => (Flags & ResponseFlag) != 0;

    /// <summary>0 is a query (RFC 1035 §4.1.1).</summary>
    public int Opcode => (Flags >> 11) & 15;

    public bool IsTruncated => (Flags & TruncatedFlag) != 0;

    /// <summary>The lower four bits; EDNS has eight more (RFC 6891 §6.1.3).</summary>
    public int ResponseCode => Flags & 15;

    public static bool TryRead(ref DnsReader reader, out DnsHeader header)
    {
        header = default;
        if (!reader.TryReadUInt16(out var id) || !reader.TryReadUInt16(out var flags) || !reader.TryReadUInt16(out var questions)
            || !reader.TryReadUInt16(out var answers) || !reader.TryReadUInt16(out var authorities)
            || !reader.TryReadUInt16(out var additionals))
        {
            return false;
        }

        header = new DnsHeader
        {
            Id = id,
            Flags = flags,
            QuestionCount = questions,
            AnswerCount = answers,
            AuthorityCount = authorities,
            AdditionalCount = additionals,
        };
        return true;
    }
}
