using System.Globalization;
using System.Text;
using Antlr4.Runtime;
using Vsmtp.Configuration.Generated;

namespace Vsmtp.Configuration.Toml;

/// <summary>The four kinds of TOML strings: quotes off, escapes resolved.</summary>
internal static class TomlText
{
    private const string Escapes = "b\bt\tn\nf\fr\r\"\"\\\\";

    /// <returns>Null when an escape is wrong; all that are have been told.</returns>
    public static string? Read(IToken token, TomlMark mark, TomlFaultList faults)
    {
        var (quotes, hasEscapes) = token.Type switch
        {
            TomlLexer.BASIC_STRING => (1, true),
            TomlLexer.ML_BASIC_STRING => (3, true),
            TomlLexer.ML_LITERAL_STRING => (3, false),
            _ => (1, false),
        };
        var text = token.Text;
        var from = quotes;
        if (quotes == 3)
        {
            // TOML 1.0.0, "String": a newline right behind the opening quotes is not part of the text.
            from += text.AsSpan(from).StartsWith("\r\n") ? 2 : text[from] == '\n' ? 1 : 0;
        }

        var body = text[from..^quotes];
        return hasEscapes ? Unescape(body, mark with { Index = mark.Index + from }, faults) : body;
    }

    private static string? Unescape(string body, TomlMark mark, TomlFaultList faults)
    {
        var before = faults.Count;
        var text = new StringBuilder(body.Length);
        for (var i = 0; i < body.Length;)
        {
            if (body[i] != '\\')
            {
                text.Append(body[i++]);
            }
            else if (ReadEscape(body, i, text) is var length and > 0)
            {
                i += length;
            }
            else
            {
                faults.Add(mark with { Index = mark.Index + i }, Message(body[i + 1]));
                i += 2;
            }
        }

        return faults.Count == before ? text.ToString() : null;
    }

    /// <returns>How many characters the escape takes; 0: it is none.</returns>
    private static int ReadEscape(string body, int at, StringBuilder text)
    {
        var letter = body[at + 1];
        if (letter is 'u' or 'U')
        {
            return ReadCodePoint(body, at + 2, letter == 'u' ? 4 : 8, text);
        }

        var known = Escapes.IndexOf(letter, StringComparison.Ordinal);
        if (known >= 0 && known % 2 == 0)
        {
            text.Append(Escapes[known + 1]);
            return 2;
        }

        return LineContinuation(body.AsSpan(at));
    }

    private static int ReadCodePoint(string body, int at, int digits, StringBuilder text)
    {
        if (at + digits > body.Length
            || !uint.TryParse(body.AsSpan(at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            || !Rune.IsValid(value))
        {
            return 0;
        }

        text.Append(new Rune(value));
        return 2 + digits;
    }

    // A backslash at the end of a line takes away all blanks and line ends up to the next text.
    private static int LineContinuation(ReadOnlySpan<char> rest)
    {
        var blanks = rest[1..].IndexOfAnyExcept(' ', '\t');
        if (blanks < 0 || rest[1 + blanks] is not ('\r' or '\n'))
        {
            return 0;
        }

        var end = rest[1..].IndexOfAnyExcept(" \t\r\n");
        return end < 0 ? rest.Length : 1 + end;
    }

    private static string Message(char letter) => letter is 'u' or 'U'
        ? $"\\{letter} takes {(letter == 'u' ? 4 : 8)} hexadecimal digits of a Unicode scalar value"
        : "TOML has no such escape; a backslash itself is written \\\\, or the string stands in single quotes";
}
