using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Vsmtp.Gateway.Proxying;

/// <summary>Reads a header of version 1, which is a line: <c>PROXY TCP4 192.0.2.7 198.51.100.1 40000 25</c> (PP §2.1).</summary>
internal static class ProxyLineParser
{
    /// <summary>The longest line, its CRLF included (PP §2.1).</summary>
    public const int MaxBytes = 107;

    internal const string TooLong = "its PROXY header of version 1 has no end within 107 octets";
    internal const string BadEnd = "its PROXY header of version 1 does not end with CRLF";
    internal const string UnknownFamily = "its PROXY header of version 1 is of no TCP4, TCP6 or UNKNOWN";
    internal const string BadAddresses = "its PROXY header of version 1 has no two addresses of its family and two ports";

    /// <summary>What it begins with.</summary>
    public static ReadOnlySpan<byte> Begin => "PROXY "u8;

    /// <summary>As <see cref="ProxyHeaderParser.TryParse"/>, of input that has begun so.</summary>
    public static bool TryParse(ref ReadOnlySequence<byte> input, [NotNullWhen(true)] out ProxyHeader? header)
    {
        Span<byte> line = stackalloc byte[MaxBytes];
        line = line[..(int)Math.Min(MaxBytes, input.Length)];
        input.Slice(0, line.Length).CopyTo(line);
        var end = line.IndexOf((byte)'\n');
        header = end >= 0 ? Read(line[..end]) : line.Length == MaxBytes ? new ProxyHeader.Refused(TooLong) : null;
        if (header is null) return false;
        if (header is not ProxyHeader.Refused) input = input.Slice(end + 1);
        return true;
    }

    /// <param name="line">Without its LF.</param>
    private static ProxyHeader Read(ReadOnlySpan<byte> line)
    {
        if (line is not [.. var text, (byte)'\r'] || text.Contains((byte)'\r')) return new ProxyHeader.Refused(BadEnd);
        var words = Encoding.Latin1.GetString(text).Split(' ');
        // PP §2.1: behind UNKNOWN all that follows is passed over, and the real ends count.
        return words[1] switch
        {
            "UNKNOWN" => ProxyHeader.Own.Instance,
            "TCP4" => Relayed(words, AddressFamily.InterNetwork),
            "TCP6" => Relayed(words, AddressFamily.InterNetworkV6),
            _ => new ProxyHeader.Refused(UnknownFamily),
        };
    }

    private static ProxyHeader Relayed(string[] words, AddressFamily family)
    {
        if (words is not [_, _, var client, var server, var clientPort, var serverPort]
            || !TryReadEnd(client, clientPort, family, out var from) || !TryReadEnd(server, serverPort, family, out var to))
        {
            return new ProxyHeader.Refused(BadAddresses);
        }

        return new ProxyHeader.Relayed(from, to);
    }

    /// <summary>Addresses as they are written and in no other way: no <c>010.1</c>, no brackets, no zone.</summary>
    private static bool TryReadEnd(string address, string port, AddressFamily family, [NotNullWhen(true)] out IPEndPoint? end)
    {
        end = null;
        if (!address.All(c => char.IsAsciiHexDigit(c) || c is '.' or ':')) return false;
        if (!IPAddress.TryParse(address, out var read) || read.AddressFamily != family) return false;
        if (family is AddressFamily.InterNetwork && read.ToString() != address) return false;
        if (port is ['0', _, ..] || !ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return false;
        end = ConnectionEnds.Plain(read, number);
        return true;
    }
}
