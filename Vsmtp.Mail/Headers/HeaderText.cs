using System.Buffers;
using System.Text;

namespace Vsmtp.Mail.Headers;

/// <summary>The lexical rules of header fields (RFC 5322 §2.2).</summary>
internal static class HeaderText
{
    /// <summary>Longest line without its CRLF, in octets (RFC 5322 §2.1.1).</summary>
    public const int MaxLineBytes = 998;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly SearchValues<byte> LineBreaks = SearchValues.Create("\r\n"u8);

    public static bool IsName(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty) return false;
        foreach (var octet in name)
        {
            // RFC 5322 §3.6.8: ftext.
            if (octet is <= 0x20 or >= 0x7F or (byte)':') return false;
        }

        return true;
    }

    public static bool IsName(string name) => Ascii.IsValid(name) && IsName(Encoding.ASCII.GetBytes(name));

    public static bool IsValue(string value) => !value.AsSpan().ContainsAny('\r', '\n', '\0');

    public static byte[] Unfold(ReadOnlySpan<byte> raw)
    {
        var unfolded = new byte[raw.Length];
        var count = 0;
        while (!raw.IsEmpty)
        {
            var line = raw.IndexOfAny(LineBreaks);
            var taken = line < 0 ? raw : raw[..line];
            taken.CopyTo(unfolded.AsSpan(count));
            count += taken.Length;
            raw = line < 0 ? default : raw[(line + 1)..];
        }

        return unfolded.AsSpan(0, count).TrimStart(" \t"u8).ToArray();
    }

    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(bytes);
        }
    }

    /// <summary>
    /// The bytes of a field that we add, folded at white space where a line would be longer than RFC 5322 allows.
    /// </summary>
    public static byte[] Encode(string name, string value)
    {
        var line = Encoding.UTF8.GetBytes($"{name}: {value}").AsSpan();
        var field = new ArrayBufferWriter<byte>(line.Length + 2);
        // The first line must keep something behind its colon, or old readers take it for an empty field.
        var from = name.Length + 2;
        while (line.Length > MaxLineBytes && FindFold(line, from) is var fold and > 0)
        {
            field.Write(line[..fold]);
            field.Write("\r\n"u8);
            line = line[fold..];
            from = 1;
        }

        field.Write(line);
        field.Write("\r\n"u8);
        return field.WrittenSpan.ToArray();
    }

    /// <summary>
    /// The last white space within the limit, else the first beyond it, that leaves no line of blanks alone; or -1.
    /// </summary>
    private static int FindFold(ReadOnlySpan<byte> line, int from)
    {
        var best = -1;
        for (var i = from; i < line.Length; i++)
        {
            if (i > MaxLineBytes && best > 0) break;
            if (line[i] is not ((byte)' ' or (byte)'\t')) continue;
            var hasTextBefore = line[from..i].ContainsAnyExcept(" \t"u8);
            if (hasTextBefore && line[i..].ContainsAnyExcept(" \t"u8)) best = i;
        }

        return best;
    }
}
