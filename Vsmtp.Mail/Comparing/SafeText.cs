using System.Buffers;
using System.Globalization;
using System.Text;

namespace Vsmtp.Mail.Comparing;

/// <summary>Octets of strangers as text that no terminal and no page obeys.</summary>
public static class SafeText
{
    /// <summary>UTF-8 where it is; control and invisible characters and all other octets as <c>\xNN</c>, a backslash as two.</summary>
    /// <param name="octets">Of any kind.</param>
    /// <param name="max">Characters; what is beyond is cut, with a word about it.</param>
    public static string Of(ReadOnlySpan<byte> octets, int max)
    {
        var text = new StringBuilder(Math.Min(octets.Length, max));
        for (var rest = octets; !rest.IsEmpty;)
        {
            if (text.Length >= max) return $"{text}… ({octets.Length} octets)";
            var isRune = Rune.DecodeFromUtf8(rest, out var rune, out var length) is OperationStatus.Done;
            if (isRune && rune.Value == '\\') text.Append(@"\\");
            else if (isRune && IsVisible(rune)) text.Append(rune);
            else foreach (var octet in rest[..length]) text.Append(CultureInfo.InvariantCulture, $"\\x{octet:X2}");
            rest = rest[length..];
        }

        return text.ToString();
    }

    /// <summary>No NUL, and hardly a control character beside those of lines.</summary>
    public static bool IsText(ReadOnlySpan<byte> octets)
    {
        var controls = 0;
        foreach (var octet in octets)
        {
            if (octet == 0) return false;
            if (octet is < 0x20 and not ((byte)'\t' or (byte)'\r' or (byte)'\n')) controls++;
        }

        return controls <= octets.Length / 20;
    }

    /// <summary>Characters that only steer what is shown, such as U+202E, are not.</summary>
    private static bool IsVisible(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate);
}
