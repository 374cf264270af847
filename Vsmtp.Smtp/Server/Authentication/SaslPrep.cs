using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Vsmtp.Smtp.Server.Authentication;

/// <summary>Makes names and passwords that look the same be the same (SASLprep, RFC 4013).</summary>
/// <remarks>
/// Code points that Unicode 3.2 does not know are taken as they are (a query, RFC 3454 §7). Mixed directions (RFC 4013 §2.4) are not looked for.
/// </remarks>
internal static class SaslPrep
{
    /// <returns>False: it has a character that none may have, or half of one.</returns>
    public static bool TryPrepare(string text, [NotNullWhen(true)] out string? prepared)
    {
        prepared = null;
        var mapped = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length;)
        {
            if (!Rune.TryGetRuneAt(text, at, out var rune)) return false;
            at += rune.Utf16SequenceLength;
            if (IsBlank(rune)) mapped.Append(' ');
            else if (!IsNothing(rune.Value)) mapped.Append(rune.ToString());
        }

        var normal = Nfkc.Normalize(mapped.ToString());
        if (normal.EnumerateRunes().Any(IsProhibited)) return false;
        prepared = normal;
        return true;
    }

    /// <summary>Table C.1.2 of RFC 3454.</summary>
    private static bool IsBlank(Rune rune) =>
        rune.Value is 0x200B || (!rune.IsAscii && Rune.GetUnicodeCategory(rune) is UnicodeCategory.SpaceSeparator);

    /// <summary>Table B.1 of RFC 3454. U+200B is in both, and a blank (RFC 4013 §2.1 names that first).</summary>
    private static bool IsNothing(int code) =>
        code is 0x00AD or 0x034F or 0x1806 or (>= 0x180B and <= 0x180D) or (>= 0x200C and <= 0x200D) or 0x2060 or (>= 0xFE00 and <= 0xFE0F) or 0xFEFF;

    /// <summary>RFC 4013 §2.3: controls, private use, no characters, and what changes how others look or are read.</summary>
    private static bool IsProhibited(Rune rune) => rune.Value switch
    {
        < 0x20 or (>= 0x7F and <= 0x9F) or 0x06DD or 0x070F or 0x180E or 0x2028 or 0x2029 => true,
        >= 0x200C and <= 0x200F or >= 0x202A and <= 0x202E or >= 0x2060 and <= 0x2063 or >= 0x206A and <= 0x206F => true,
        0x0340 or 0x0341 or 0xFEFF or (>= 0xFFF9 and <= 0xFFFD) or (>= 0x2FF0 and <= 0x2FFB) or (>= 0xFDD0 and <= 0xFDEF) => true,
        >= 0x1D173 and <= 0x1D17A or 0xE0001 or >= 0xE0020 and <= 0xE007F => true,
        _ => (rune.Value & 0xFFFE) == 0xFFFE || Rune.GetUnicodeCategory(rune) is UnicodeCategory.PrivateUse,
    };
}
