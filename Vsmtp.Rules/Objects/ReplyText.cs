using System.Diagnostics.CodeAnalysis;

namespace Vsmtp.Rules.Objects;

/// <summary>Replies as scripts write them: <c>250 text</c>, <c>501 5.7.1 text</c>.</summary>
internal static class ReplyText
{
    private const int MaxTextChars = 4096;

    public static bool TryParse(
        string text, [NotNullWhen(true)] out RuleReply? reply, [NotNullWhen(false)] out string? fault)
    {
        reply = null;
        var (head, rest) = Cut(text.Trim());
        if (head.Length is 0 or > 5 || head.AsSpan().ContainsAnyExceptInRange('0', '9'))
        {
            fault = $"`{text}` is not a reply: it must begin with a code";
            return false;
        }

        var (word, tail) = Cut(rest);
        // Three numbers, unlike the earlier program, so that "250 2 things" keeps its text.
        return IsEnhanced(word)
            ? TryCreate(int.Parse(head), word, tail, out reply, out fault)
            : TryCreate(int.Parse(head), null, rest, out reply, out fault);
    }

    public static bool TryCreate(
        long code, string? enhanced, string text,
        [NotNullWhen(true)] out RuleReply? reply, [NotNullWhen(false)] out string? fault)
    {
        // A lone CR or LF would end the line where the writer does not know of it.
        var lines = text.ReplaceLineEndings("\r\n");
        fault = code is < 200 or > 599 ? $"{code} is not a reply code: 200 to 599 are (RFC 5321 §4.2.1)"
            : enhanced is not null && !IsEnhanced(enhanced) ? $"`{enhanced}` is not an enhanced code such as 5.7.1"
            : lines.Length > MaxTextChars ? $"the text of a reply has at most {MaxTextChars} characters"
            : HasControls(lines) ? "the text of a reply has no control characters"
            : null;
        reply = fault is null ? new RuleReply((int)code, enhanced, lines) : null;
        return fault is null;
    }

    /// <summary>RFC 3463 §2: a class digit and two numbers of at most three digits.</summary>
    private static bool IsEnhanced(string word)
    {
        var parts = word.Split('.');
        return parts is ["2" or "4" or "5", _, _]
            && parts.Skip(1).All(p => p.Length is > 0 and <= 3 && p.All(char.IsAsciiDigit));
    }

    private static bool HasControls(string lines) => lines.Replace("\r\n", "", StringComparison.Ordinal).Any(char.IsControl);

    private static (string Head, string Tail) Cut(string text)
    {
        var blank = text.IndexOfAny([' ', '\t', '\r', '\n']);
        return blank < 0 ? (text, "") : (text[..blank], text[(blank + 1)..].TrimStart(' ', '\t'));
    }
}
