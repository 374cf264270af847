using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Vsmtp.Gateway.Proxying;

/// <summary>
/// Reads a header of the PROXY protocol, "PP" in the comments here: haproxy.org/download/1.8/doc/proxy-protocol.txt; of version 2 (section
/// 2.2), and with <see cref="ProxyLineParser"/> of version 1.
/// </summary>
internal static class ProxyHeaderParser
{
    /// <summary>
    /// All of a header, its additions (TLV) included. One is meant to fit into 536 bytes (PP §2); certificates' names make it
    /// longer, and the 64 KiB that its length field can tell are nobody's.
    /// </summary>
    public const int MaxBytes = 4096;

    internal const string NoHeader = "it does not begin with a PROXY header";
    internal const string OtherVersion = "its PROXY header is of an unknown version";
    internal const string UnknownCommand = "its PROXY header has an unknown command";
    internal const string UnknownFamily = "its PROXY header has an unknown address family or transport";
    internal const string NotTcp = "its PROXY header is of a connection that is not TCP";
    internal const string TooShort = "its PROXY header is too short for its addresses";
    internal const string TooLong = "its PROXY header is longer than 4096 bytes";

    private const int FixedBytes = 16;
    private const int VersionAt = 12;
    private const int FamilyAt = 13;
    private const int LengthAt = 14;
    private const int Ipv4Bytes = 4;
    private const int Ipv6Bytes = 16;
    private const int PortBytes = 2;

    private static readonly ProxyHeader.Refused NoHeaderThere = new(NoHeader);

    private static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    /// <summary>Takes a header off the front of <paramref name="input"/>, as soon as it has arrived or cannot become one.</summary>
    /// <param name="input">Unchanged unless a header was taken; then what follows it.</param>
    /// <returns>False while it may still become one. How the bytes are cut into arrivals does not change what comes out.</returns>
    public static bool TryParse(ref ReadOnlySequence<byte> input, [NotNullWhen(true)] out ProxyHeader? header)
    {
        Span<byte> begin = stackalloc byte[FixedBytes];
        begin = begin[..(int)Math.Min(FixedBytes, input.Length)];
        input.Slice(0, begin.Length).CopyTo(begin);
        if (begin.StartsWith(ProxyLineParser.Begin)) return ProxyLineParser.TryParse(ref input, out header);
        header = Check(begin);
        if (header is not null) return true;
        if (begin.Length < FixedBytes) return false;

        var length = FixedBytes + BinaryPrimitives.ReadUInt16BigEndian(begin[LengthAt..]);
        if (input.Length < length) return false;
        Span<byte> whole = stackalloc byte[MaxBytes];
        whole = whole[..length];
        input.Slice(0, length).CopyTo(whole);
        header = Read(whole);
        if (header is not ProxyHeader.Refused) input = input.Slice(length);
        return true;
    }

    /// <summary>Finds a fault of the first 16 bytes, or of those of them that have come: each as soon as its byte is there.</summary>
    private static ProxyHeader.Refused? Check(ReadOnlySpan<byte> begin)
    {
        var signature = begin[..Math.Min(begin.Length, Signature.Length)];
        if (!Signature.StartsWith(signature))
        {
            return ProxyLineParser.Begin.StartsWith(begin) ? null : NoHeaderThere;
        }

        if (begin.Length <= VersionAt) return null;
        if (begin[VersionAt] >> 4 != 2) return new(OtherVersion);
        if ((begin[VersionAt] & 0xF) > 1) return new(UnknownCommand);
        if (begin.Length <= FamilyAt) return null;
        if (FaultOfFamily(begin, out var addressBytes) is { } fault) return fault;
        if (begin.Length < FixedBytes) return null;
        var length = BinaryPrimitives.ReadUInt16BigEndian(begin[LengthAt..]);
        if (length > MaxBytes - FixedBytes) return new(TooLong);
        return length < addressBytes ? new(TooShort) : null;
    }

    /// <summary>How many bytes the addresses and ports take; 0 when there are none to be heeded.</summary>
    /// <returns>Not null: the family is none that we take.</returns>
    private static ProxyHeader.Refused? FaultOfFamily(ReadOnlySpan<byte> header, out int bytes)
    {
        bytes = 0;
        // PP §2.2: of a LOCAL header the family is ignored.
        if ((header[VersionAt] & 0xF) == 0) return null;
        var (family, transport) = (header[FamilyAt] >> 4, header[FamilyAt] & 0xF);
        if (family > 3 || transport > 2) return new(UnknownFamily);
        if (family == 0) return null;
        // PP §2.2 leaves it to us whether to refuse these or to take the real ends for the client's. SMTP clients of a balancer come
        // over TCP: whoever does not would pass for the balancer itself, whose address rules may trust.
        if (family == 3 || transport != 1) return new(NotTcp);
        bytes = 2 * ((family == 1 ? Ipv4Bytes : Ipv6Bytes) + PortBytes);
        return null;
    }

    private static ProxyHeader Read(Span<byte> header)
    {
        // PP §2.2: where the real ends count, all that follows is skipped, whatever it is.
        if (FaultOfFamily(header, out var bytes) is not null || bytes == 0) return ProxyHeader.Own.Instance;
        var addresses = header.Slice(FixedBytes, bytes);
        var size = bytes / 2 - PortBytes;
        var ports = addresses[(2 * size)..];
        if (ProxyAdditions.FaultOf(header, FixedBytes + bytes) is { } fault) return new ProxyHeader.Refused(fault);
        return new ProxyHeader.Relayed(
            End(addresses[..size], ports[..PortBytes]), End(addresses.Slice(size, size), ports[PortBytes..]));
    }

    private static IPEndPoint End(ReadOnlySpan<byte> address, ReadOnlySpan<byte> port) =>
        ConnectionEnds.Plain(new IPAddress(address), BinaryPrimitives.ReadUInt16BigEndian(port));
}
