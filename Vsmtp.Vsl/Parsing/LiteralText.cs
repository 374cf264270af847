using System.Globalization;
using System.Text;

namespace Vsmtp.Vsl.Parsing;

/// <summary>Decodes number, string and character tokens (language §2.3, §2.4).</summary>
internal static class LiteralText
{
    /// <returns>Null: malformed.</returns>
    public static Value? Integer(string text, bool negative)
    {
        var digits = text.Replace("_", "", StringComparison.Ordinal);
        if (digits.Length > 1 && digits[0] == '0' && char.IsAsciiLetter(digits[1]))
            return OtherBase(digits) is { } bits ? negative ? Negated(bits) : Value.From(bits) : default(Value?);
        // The smallest integer has no positive counterpart, so the sign is read with the digits.
        if (long.TryParse(negative ? "-" + digits : digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            return Value.From(number);
        return Float(digits, negative);
    }

    public static Value? Float(string text, bool negative)
    {
        var digits = text.Replace("_", "", StringComparison.Ordinal);
        if (!double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || double.IsInfinity(number)) return null;
        return Value.From(negative ? -number : number);
    }

    /// <param name="token">With its quotes.</param>
    /// <param name="column">0-based column of the opening quote: continued lines lose white space up to it.</param>
    /// <param name="error">What is wrong, and at which offset of the token; null when all is well.</param>
    public static string Quoted(string token, int column, out (string Text, int Offset, int Length)? error)
    {
        var quote = token[0];
        var closed = token.Length > 1 && token[^1] == quote;
        var body = token.AsSpan(1, token.Length - (closed ? 2 : 1));
        var output = new StringBuilder(body.Length);
        error = null;
        for (var i = 0; i < body.Length; i++)
        {
            if (body[i] == quote && i + 1 < body.Length) i++;
            if (body[i] != '\\')
            {
                output.Append(body[i]);
                continue;
            }

            var used = Escape(body[i..], column, output);
            if (used == 0) error ??= ("malformed escape sequence", i + 1, Math.Min(2, body.Length - i));
            i += Math.Max(1, used) - 1;
        }

        return output.ToString();
    }

    /// <summary>The text between two holes of a template: verbatim, but for doubled back-ticks and CR LF.</summary>
    public static string TemplateText(string text) =>
        text.Replace("``", "`", StringComparison.Ordinal).Replace("\r\n", "\n", StringComparison.Ordinal);

    /// <returns>Length of the sequence at the start of <paramref name="text"/>; 0 when it is malformed.</returns>
    private static int Escape(ReadOnlySpan<char> text, int column, StringBuilder output)
    {
        if (text.Length < 2) return 0;
        switch (text[1])
        {
            case '\\' or '"' or '\'': output.Append(text[1]); return 2;
            case 't': output.Append('\t'); return 2;
            case 'r': output.Append('\r'); return 2;
            case 'n': output.Append('\n'); return 2;
            case 'x': return CodePoint(text, 2, output);
            case 'u': return CodePoint(text, 4, output);
            case 'U': return CodePoint(text, 8, output);
            case '\n' or '\r': return Continuation(text, column);
            default: return 0;
        }
    }

    private static int CodePoint(ReadOnlySpan<char> text, int digits, StringBuilder output)
    {
        if (text.Length < 2 + digits) return 0;
        if (!uint.TryParse(text.Slice(2, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)) return 0;
        if (!Rune.TryCreate(code, out var rune)) return 0;
        output.Append(rune.ToString());
        return 2 + digits;
    }

    private static int Continuation(ReadOnlySpan<char> text, int column)
    {
        var end = text[1] == '\r' ? 3 : 2;
        for (var dropped = 0; dropped <= column && end < text.Length && text[end] is ' ' or '\t'; dropped++) end++;
        return end;
    }

    private static long? OtherBase(string digits)
    {
        var bits = digits[1] switch { 'x' or 'X' => 4, 'o' or 'O' => 3, _ => 1 };
        if (digits.Length == 2) return null;
        UInt128 number = 0;
        foreach (var c in digits.AsSpan(2))
        {
            var digit = char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : int.MaxValue;
            if (digit >= 1 << bits) return null;
            number = (number << bits) | (uint)digit;
            if (number > ulong.MaxValue) return null;
        }

        return unchecked((long)(ulong)number);
    }

    private static Value? Negated(long bits) => bits == long.MinValue ? default(Value?) : Value.From(-bits);
}
