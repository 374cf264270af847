using System.Text.RegularExpressions;

namespace Vsmtp.Configuration;

/// <summary>Takes passwords of URLs out of source lines before anyone sees them.</summary>
internal static partial class SecretMask
{
    private const string Mask = "***";

    /// <returns>The line with masks, and the column moved by what the masks before it took.</returns>
    public static (string? Line, int Column) Apply(string? line, int column)
    {
        if (line is null)
        {
            return (null, column);
        }

        var moved = column;
        var masked = Password().Replace(line, match =>
        {
            var secret = match.Groups["secret"];
            var (from, to) = (secret.Index + 1, secret.Index + secret.Length + 1);
            moved = column >= to ? moved + Mask.Length - secret.Length : column > from ? moved - (column - from) : moved;
            return string.Concat(line.AsSpan(match.Index, secret.Index - match.Index), Mask, line.AsSpan(to - 1, match.Index + match.Length - to + 1));
        });
        return (masked, moved);
    }

    // Malformed URLs too: what stands between a colon and the last at-sign of a word, in URLs of mail servers of the line, and what is called a password.
    [GeneratedRegex("""(smtps?|lmtp):([^:@]*:)?(?<secret>.+)@|(//|postgres:|postgresql:|sqlite:)[^"'\s:@/]*:(?<secret>[^"'\s]+)@|(password|passwd|pwd|secret)=(?<secret>[^&"'\s]+)""", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Password();
}
