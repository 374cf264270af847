using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Vsmtp.Dns.Names;

/// <summary>From the text of a name (RFC 1035 §5.1) to its labels.</summary>
internal static class DnsNameParser
{
    // Every octet written as \DDD: what is longer names nothing.
    private const int MaxChars = DnsName.MaxBytes * 4;

    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out DnsName? name)
    {
        name = null;
        if (text.IsEmpty || text.Length > MaxChars) return false;
        if (text is ".")
        {
            name = DnsName.Root;
            return true;
        }

        Span<byte> wire = stackalloc byte[DnsName.MaxBytes];
        var written = 0;
        while (!text.IsEmpty)
        {
            var end = EndOfLabel(text);
            if (!TryWriteLabel(text[..end], wire[written..], out var length)) return false;
            written += length;
            text = end == text.Length ? default : text[(end + 1)..];
        }

        if (written == wire.Length) return false;
        wire[written++] = 0;
        name = new DnsName(wire[..written]);
        return true;
    }

    private static int EndOfLabel(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\') i++;
            else if (text[i] == '.') return i;
        }

        return text.Length;
    }

    private static bool TryWriteLabel(ReadOnlySpan<char> label, Span<byte> wire, out int written)
    {
        written = 0;
        if (!Ascii.IsValid(label))
        {
            if (!IdnLabel.TryToAscii(label, out var ascii)) return false;
            label = ascii;
        }

        if (label.IsEmpty || wire.IsEmpty) return false;
        var length = 0;
        while (!label.IsEmpty)
        {
            if (length == DnsName.MaxLabelBytes || length + 1 == wire.Length || !TryReadOctet(ref label, out var octet)) return false;
            wire[++length] = octet;
        }

        wire[0] = (byte)length;
        written = length + 1;
        return true;
    }

    private static bool TryReadOctet(ref ReadOnlySpan<char> label, out byte octet)
    {
        octet = (byte)label[0];
        if (label[0] != '\\')
        {
            label = label[1..];
            return octet is > 0x20 and < 0x7F;
        }

        if (label.Length > 1 && !char.IsAsciiDigit(label[1]))
        {
            octet = (byte)label[1];
            label = label[2..];
            return octet is > 0x20 and < 0x7F;
        }

        if (label.Length < 4 || label[1..4].ContainsAnyExceptInRange('0', '9') || !byte.TryParse(label[1..4], out octet)) return false;
        label = label[4..];
        return true;
    }
}
