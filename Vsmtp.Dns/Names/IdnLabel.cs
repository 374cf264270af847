using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Vsmtp.Dns.Names;

/// <summary>Labels of internationalised names as DNS carries them: A-labels (RFC 5890 §2.3.2.1).</summary>
/// <remarks>
/// The mapping of UTS 46 so far as .NET has it without ICU: upper case and the wide forms of ASCII are mapped, ß stays what it is.
/// .NET cannot compose characters then, so labels with combining diacritics are refused: their A-label would be another name's.
/// Symbols, punctuation and the other dots of IDNA are refused (RFC 5892 §2 disallows them).
/// </remarks>
internal static class IdnLabel
{
    private static readonly IdnMapping Mapping = new() { AllowUnassigned = true, UseStd3AsciiRules = false };

    public static bool TryToAscii(ReadOnlySpan<char> label, [NotNullWhen(true)] out string? ascii)
    {
        ascii = null;
        if (label.Length > DnsName.MaxLabelBytes) return false;
        var mapped = new StringBuilder(label.Length);
        foreach (var rune in label.EnumerateRunes())
        {
            var narrow = rune.Value is >= 0xFF01 and <= 0xFF5E ? new Rune(rune.Value - 0xFEE0) : rune;
            if (!IsOfLabel(narrow)) return false;
            mapped.Append(Rune.ToLowerInvariant(narrow).ToString());
        }

        try
        {
            ascii = Mapping.GetAscii(mapped.ToString());
            return true;
        }
        catch (ArgumentException)
        {
            // Longer than 63 octets as an A-label, hyphens where they may not be, and so on.
            return false;
        }
    }

    private static bool IsOfLabel(Rune rune)
    {
        if (rune.IsAscii) return Rune.IsLetterOrDigit(rune) || rune.Value is '-' or '_';

        // Lone surrogates come as U+FFFD, a symbol. The joiners and the middle dot are allowed in context (RFC 5892 appendix A).
        if (rune.Value is 0xB7 or 0x200C or 0x200D) return true;
        if (rune.Value is (>= 0x300 and <= 0x36F) or (>= 0xFF00 and <= 0xFFEF)) return false;
        return Rune.GetUnicodeCategory(rune) is UnicodeCategory.LowercaseLetter or UnicodeCategory.UppercaseLetter
            or UnicodeCategory.OtherLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.DecimalDigitNumber
            or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
    }
}
