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
            var end = match.Index + match.Length;
            moved = end < column ? moved + Mask.Length - match.Length
                : match.Index + 1 < column ? match.Index + 1
                : moved;
            return Mask;
        });
        return (masked, moved);
    }

    // Also the malformed: what stands between a colon and an at-sign, and what is called a password.
    [GeneratedRegex("""(?<=://[^"'\s:@]*:)[^"']+(?=@)|(?<=(postgres|postgresql|sqlite):[^"']*?:)[^"']+(?=@)|(?<=(password|passwd|pwd|secret)\s*=\s*)[^&"'\s]+""", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Password();
}
