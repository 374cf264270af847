using System.Buffers;
using System.Text;

namespace Vsmtp.Configuration.Toml;

/// <summary>Bytes to text. What may stand nowhere in TOML is found here, once, and does not reach the lexer.</summary>
internal static class TomlDecoder
{
    // Configurations are some kilobytes; what is larger than this is another file.
    public const int MaxBytes = 1024 * 1024;

    private static readonly SearchValues<char> Control = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(c => (char)c).Where(c => c is not ('\t' or '\n')), '\x7f']);

    /// <summary>Decodes UTF-8, with or without a byte order mark; bytes that are none become U+FFFD and a fault.</summary>
    /// <returns>The text, and the indexes in it at which invalid bytes stood.</returns>
    public static (string Text, List<int> Invalid) Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith(Encoding.UTF8.Preamble))
        {
            bytes = bytes[Encoding.UTF8.Preamble.Length..];
        }

        var text = new StringBuilder(bytes.Length);
        var invalid = new List<int>();
        Span<char> units = stackalloc char[2];
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out var used) != OperationStatus.Done)
            {
                invalid.Add(text.Length);
            }

            text.Append(units[..rune.EncodeToUtf16(units)]);
            bytes = bytes[used..];
        }

        return (text.ToString(), invalid);
    }

    /// <summary>Reports control characters (TOML 1.0.0, "Comment", "String") and puts blanks in their place.</summary>
    public static string TakeOutControlCharacters(TomlSource source, string text, TomlFaultList faults)
    {
        var clean = new StringBuilder(text);
        for (var i = text.AsSpan().IndexOfAny(Control); i >= 0;)
        {
            var isLineEnd = text[i] == '\r' && i + 1 < text.Length && text[i + 1] == '\n';
            if (!isLineEnd)
            {
                faults.Add(new(source, i), Message(text[i]));
                clean[i] = ' ';
            }

            var next = text.AsSpan(i + 1).IndexOfAny(Control);
            i = next < 0 ? -1 : i + 1 + next;
        }

        return clean.ToString();
    }

    private static string Message(char c) => c == '\r'
        ? "a carriage return stands only before a line feed"
        : $"the control character U+{(int)c:X4} stands nowhere in TOML; in a string in double quotes write \\u{(int)c:X4}";
}
