namespace Vsmtp.Mail.Addresses;

/// <summary>
/// What of Unicode may stand in an address (RFC 6531 §3.3 takes all UTF8-non-ascii; control and space mislead).
/// </summary>
internal static class Utf8Text
{
    public static bool IsPrintable(char c) => !char.IsControl(c) && !char.IsWhiteSpace(c) && c is not ('\uFEFF' or '\uFFFD');

    /// <summary>True without unpaired surrogates, which UTF-8 cannot carry.</summary>
    public static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return false;
            i++;
        }

        return true;
    }
}
