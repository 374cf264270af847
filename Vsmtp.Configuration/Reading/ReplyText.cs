using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;
using Vsmtp.Configuration.Options;

namespace Vsmtp.Configuration.Reading;

/// <summary>Reply texts: <c>554 5.7.1 no</c> and its parts.</summary>
internal static partial class ReplyText
{
    public const string Expected = "a reply such as \"554 5.7.1 no relaying\"";

    // RFC 5321 §4.5.3.1.5: 512 octets with code and CRLF.
    private const int MaxLength = 510;

    public static bool TryParse(string text, [MaybeNullWhen(false)] out ReplyTemplate reply)
    {
        var match = Shape().Match(text);
        reply = match.Success
            ? new(int.Parse(match.Groups["code"].ValueSpan, CultureInfo.InvariantCulture),
                match.Groups["enhanced"].Success ? match.Groups["enhanced"].Value : null,
                match.Groups["text"].Value)
            : null;
        return reply is not null;
    }

    /// <summary>What is wrong with a reply in the place of another; null: nothing.</summary>
    /// <param name="domain">Will stand for <c>{domain}</c>.</param>
    public static string? FaultOf(ReplyTemplate reply, ReplyTemplate original, string domain)
    {
        var (kind, originalKind) = (reply.Code / 100, original.Code / 100);
        if (originalKind < 4 ? kind != originalKind : kind is not (4 or 5))
        {
            var allowed = originalKind < 4 ? $"{originalKind}yz" : "4yz or 5yz";
            return $"must stay a {allowed} reply, since clients act on the first digit (RFC 5321 §4.2.1); it is {reply.Code}";
        }

        // Nothing else says "go on" to a client that has said DATA.
        if (originalKind == 3 && reply.Code != original.Code) return $"must stay {original.Code} (RFC 5321 §4.2.3); it is {reply.Code}";

        // RFC 5321 §4.2: the second digit is 0 to 5.
        if (reply.Code / 10 % 10 > 5)
        {
            return $"has a code that no reply can have: {reply.Code} (RFC 5321 §4.2)";
        }

        if (reply.Enhanced is { } enhanced && (!Enhanced().IsMatch(enhanced) || enhanced[0] - '0' != kind))
        {
            return $"must have an enhanced code of the form {(kind == 3 ? "2.y.z" : $"{kind}.y.z")} as its code has (RFC 2034 §4), or none";
        }

        // RFC 5321 §4.2: textstring.
        if (reply.Text.Any(c => c is not ('\t' or (>= ' ' and <= '~'))))
        {
            return "must be one line of printable ASCII (RFC 5321 §4.2)";
        }

        var text = reply with { Text = reply.Text.Replace("{domain}", domain, StringComparison.Ordinal) };
        return text.ToString().Length <= MaxLength ? null : $"must be at most {MaxLength} octets long (RFC 5321 §4.5.3.1.5)";
    }

    [GeneratedRegex("""^(?<code>[2-5][0-9]{2})( (?<enhanced>[245]\.[0-9]{1,3}\.[0-9]{1,3})(?= |\z))?( (?<text>.*))?\z""", RegexOptions.ExplicitCapture | RegexOptions.Singleline)]
    private static partial Regex Shape();

    // RFC 3463 §2.
    [GeneratedRegex("""^[245]\.[0-9]{1,3}\.[0-9]{1,3}\z""")]
    private static partial Regex Enhanced();
}
