using System.Buffers.Binary;

namespace Vsmtp.Dns.Messages;

/// <summary>Questions as they go to a server (RFC 1035 §4.1.1 and §4.1.2).</summary>
internal static class DnsQueryWriter
{
    /// <summary>
    /// What we say we take in one UDP datagram (RFC 6891 §6.2.3): the smallest MTU of IPv6 (1280, RFC 8200 §5) less the headers. Larger
    /// ones may come in fragments, of which others can forge the second.
    /// </summary>
    public const int UdpPayloadBytes = 1232;

    private const int OptBytes = 11;
    private const uint DnssecOkFlag = 0x8000;

    /// <summary>One question, with recursion desired.</summary>
    /// <param name="edns">Adds the OPT record of EDNS version 0 (RFC 6891 §6.1.2).</param>
    /// <param name="dnssec">
    /// Asks for signatures (DO, RFC 3225 §3; only with <paramref name="edns"/>) and whether they were found good (AD, RFC 6840 §5.7).
    /// </param>
    public static byte[] Write(ushort id, DnsQuestion question, bool edns, bool dnssec)
    {
        var name = question.Name.Wire;
        var message = new byte[DnsHeader.Bytes + name.Length + 4 + (edns ? OptBytes : 0)];
        var flags = (ushort)(DnsHeader.RecursionDesiredFlag | (dnssec ? DnsHeader.AuthenticDataFlag : 0));
        WriteUInt16(message, 0, id);
        WriteUInt16(message, 2, flags);
        WriteUInt16(message, 4, 1);
        WriteUInt16(message, 10, (ushort)(edns ? 1 : 0));
        name.CopyTo(message.AsSpan(DnsHeader.Bytes));
        var position = DnsHeader.Bytes + name.Length;
        WriteUInt16(message, position, (ushort)question.Type);
        WriteUInt16(message, position + 2, 1);
        if (edns) WriteOpt(message.AsSpan(position + 4), dnssec ? DnssecOkFlag : 0);
        return message;
    }

    // The root's name and the length of the data are 0 already.
    private static void WriteOpt(Span<byte> opt, uint flags)
    {
        BinaryPrimitives.WriteUInt16BigEndian(opt[1..], (ushort)DnsType.Opt);
        BinaryPrimitives.WriteUInt16BigEndian(opt[3..], UdpPayloadBytes);
        BinaryPrimitives.WriteUInt32BigEndian(opt[5..], flags);
    }

    private static void WriteUInt16(byte[] message, int position, ushort value) =>
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(position), value);
}
