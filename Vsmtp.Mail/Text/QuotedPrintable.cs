using System.Buffers;

namespace Vsmtp.Mail.Text;

/// <summary>The content transfer encoding that leaves ASCII readable (RFC 2045 §6.7).</summary>
public static class QuotedPrintable
{
    /// <summary>Characters of a line of the encoded text (RFC 2045 §6.7, rule 5).</summary>
    private const int MaxLine = 76;

    /// <summary>Characters of a line that may go as it is (RFC 5322 §2.1.1).</summary>
    private const int MaxPlainLine = 998;

    /// <summary>False: the content can go as it is; all ASCII, no line too long, no bare CR or LF.</summary>
    public static bool IsNeeded(ReadOnlySpan<byte> content)
    {
        while (!content.IsEmpty)
        {
            var end = content.IndexOf("\r\n"u8);
            var line = end < 0 ? content : content[..end];
            if (line.Length > MaxPlainLine || line.ContainsAnyExceptInRange((byte)1, (byte)0x7F) || line.ContainsAny((byte)'\r', (byte)'\n')) return true;
            content = end < 0 ? default : content[(end + 2)..];
        }

        return false;
    }

    /// <summary>Encodes lines of text, ended by CRLF.</summary>
    public static byte[] Encode(ReadOnlySpan<byte> content)
    {
        var encoded = new ArrayBufferWriter<byte>(content.Length + (content.Length / 8) + 16);
        while (!content.IsEmpty)
        {
            var end = content.IndexOf("\r\n"u8);
            EncodeLine(end < 0 ? content : content[..end], encoded);
            if (end >= 0) encoded.Write("\r\n"u8);
            content = end < 0 ? default : content[(end + 2)..];
        }

        return encoded.WrittenSpan.ToArray();
    }

    private static void EncodeLine(ReadOnlySpan<byte> line, ArrayBufferWriter<byte> encoded)
    {
        var column = 0;
        for (var i = 0; i < line.Length; i++)
        {
            var isLast = i == line.Length - 1;
            var isPlain = IsPlain(line[i], isLast);
            var width = isPlain ? 1 : 3;
            if (column + width > (isLast ? MaxLine : MaxLine - 1))   // room for the "=" that ends a line of an encoded text only
            {
                encoded.Write("=\r\n"u8);
                column = 0;
            }

            if (isPlain) encoded.Write(line.Slice(i, 1));
            else WriteOctet(line[i], encoded);
            column += width;
        }
    }

    /// <summary>A blank at the end of a line is lost on the way.</summary>
    private static bool IsPlain(byte octet, bool isLast) => octet switch
    {
        (byte)' ' or (byte)'\t' => !isLast,
        (byte)'=' => false,
        _ => octet is > 0x20 and < 0x7F,
    };

    private static void WriteOctet(byte octet, ArrayBufferWriter<byte> encoded)
    {
        ReadOnlySpan<byte> digits = "0123456789ABCDEF"u8;
        encoded.Write([(byte)'=', digits[octet >> 4], digits[octet & 15]]);
    }
}
