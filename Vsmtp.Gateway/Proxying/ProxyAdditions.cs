using System.Buffers.Binary;
using System.Numerics;

namespace Vsmtp.Gateway.Proxying;

/// <summary>What may follow the addresses in a PROXY header: type, length, value (PP §2.2). All but the checksum is passed over.</summary>
internal static class ProxyAdditions
{
    internal const string Malformed = "the additions (TLV) to its PROXY header do not fit into it";
    internal const string WrongChecksum = "the checksum of its PROXY header is wrong";

    private const byte Crc32CType = 0x03;
    private const int BeginBytes = 3;

    /// <param name="header">All of it. The checksum's bytes are zero afterwards.</param>
    /// <param name="at">Where the additions begin.</param>
    /// <returns>For the log; null: there is none.</returns>
    public static string? FaultOf(Span<byte> header, int at)
    {
        while (at < header.Length)
        {
            if (header.Length - at < BeginBytes) return Malformed;
            var type = header[at];
            var length = BinaryPrimitives.ReadUInt16BigEndian(header[(at + 1)..]);
            at += BeginBytes;
            if (header.Length - at < length) return Malformed;
            if (type == Crc32CType && CheckSum(header, header.Slice(at, length)) is { } fault) return fault;
            at += length;
        }

        return null;
    }

    /// <summary>PP §2.2.3: over the whole header, with zeros in the place of the sum.</summary>
    private static string? CheckSum(ReadOnlySpan<byte> header, Span<byte> place)
    {
        if (!BinaryPrimitives.TryReadUInt32BigEndian(place, out var told) || place.Length != sizeof(uint)) return Malformed;
        place.Clear();
        return Crc32C(header) == told ? null : WrongChecksum;
    }

    /// <summary>RFC 4960 appendix B.</summary>
    private static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        var sum = uint.MaxValue;
        foreach (var octet in bytes) sum = BitOperations.Crc32C(sum, octet);
        return ~sum;
    }
}
