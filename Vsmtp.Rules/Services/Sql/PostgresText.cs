using System.Globalization;

namespace Vsmtp.Rules.Services.Sql;

/// <summary>Finds the parameters of a statement as PostgreSQL reads it: not in texts, quoted names and comments.</summary>
internal static class PostgresText
{
    /// <returns>The highest number of a <c>$1</c>, <c>$2</c>, …; 0 for none.</returns>
    public static int HighestParameter(string text)
    {
        var highest = 0;
        for (var at = 0; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '\'':
                    at = EndOfQuotes(text, at, hasEscapes: at > 0 && text[at - 1] is 'e' or 'E' && !IsPartOfName(text, at - 2));
                    break;
                case '"':
                    at = EndOfQuotes(text, at, hasEscapes: false);
                    break;
                case '-' when text.AsSpan(at).StartsWith("--", StringComparison.Ordinal):
                    at = EndAt(text, text.IndexOf('\n', at), 1);
                    break;
                case '/' when text.AsSpan(at).StartsWith("/*", StringComparison.Ordinal):
                    at = EndOfComment(text, at);
                    break;
                case '$' when !IsPartOfName(text, at - 1):
                    highest = Math.Max(highest, ReadDollar(text, ref at));
                    break;
            }
        }

        return highest;
    }

    /// <summary>A parameter's number; or 0 for a text between dollars, <c>$tag$ … $tag$</c>, behind which it goes.</summary>
    private static int ReadDollar(string text, ref int at)
    {
        var end = at + 1;
        while (end < text.Length && IsPartOfName(text, end) && text[end] != '$') end++;
        var word = text.AsSpan(at + 1, end - at - 1);
        if (word.Length > 0 && char.IsAsciiDigit(word[0]))
        {
            at = end - 1;
            var digits = word.IndexOfAnyExceptInRange('0', '9');
            return int.TryParse(digits < 0 ? word : word[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : int.MaxValue;
        }

        if (end >= text.Length || text[end] != '$') return 0;
        var tag = text[at..(end + 1)];
        at = EndAt(text, text.IndexOf(tag, end + 1, StringComparison.Ordinal), tag.Length);
        return 0;
    }

    private static int EndOfQuotes(string text, int at, bool hasEscapes)
    {
        var quote = text[at];
        for (at++; at < text.Length && text[at] != quote; at++)
        {
            if (hasEscapes && text[at] == '\\') at++;
        }

        return at;
    }

    /// <summary>Comments stand inside each other.</summary>
    private static int EndOfComment(string text, int at)
    {
        var depth = 0;
        for (; at < text.Length; at++)
        {
            var rest = text.AsSpan(at);
            if (rest.StartsWith("/*", StringComparison.Ordinal)) (depth, at) = (depth + 1, at + 1);
            else if (rest.StartsWith("*/", StringComparison.Ordinal)) (depth, at) = (depth - 1, at + 1);
            if (depth == 0) return at;
        }

        return at;
    }

    private static int EndAt(string text, int found, int length) => found < 0 ? text.Length : found + length - 1;

    private static bool IsPartOfName(string text, int at) => at >= 0 && at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] is '_' or '$');
}
