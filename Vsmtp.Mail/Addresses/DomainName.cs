using System.Text;

namespace Vsmtp.Mail.Addresses;

/// <summary>Domain names as they stand in addresses and after HELO (RFC 5321 §4.1.2, RFC 6531 §3.3).</summary>
public static class DomainName
{
    /// <summary>Longest domain, in octets of UTF-8 (RFC 5321 §4.5.3.1.2).</summary>
    public const int MaxBytes = 255;

    private const int MaxLabelBytes = 63;

    /// <summary>
    /// True for dot-separated labels of letters, digits, hyphens and non-ASCII letters; false for a bare IP address.
    /// </summary>
    public static bool IsValid(ReadOnlySpan<char> name)
    {
        if (name.IsEmpty || Encoding.UTF8.GetByteCount(name) > MaxBytes) return false;
        var last = default(ReadOnlySpan<char>);
        foreach (var part in name.Split('.'))
        {
            last = name[part];
            if (!IsLabel(last)) return false;
        }

        // No top-level domain is all digits (RFC 3696 §2), so this is an IP address without its brackets.
        return last.ContainsAnyExceptInRange('0', '9');
    }

    private static bool IsLabel(ReadOnlySpan<char> label)
    {
        if (label.IsEmpty || label[0] == '-' || label[^1] == '-') return false;
        if (Encoding.UTF8.GetByteCount(label) > MaxLabelBytes) return false;
        foreach (var c in label)
        {
            // The underscore is no LDH character, but senders' subdomains have it and DNS carries it (RFC 2181 §11).
            if (char.IsAsciiLetterOrDigit(c) || c is '-' or '_') continue;
            // IDNA reads these three as dots (RFC 3490 §3.1): two spellings of one domain are asking for trouble.
            if (c < 0x80 || c is '\u3002' or '\uFF0E' or '\uFF61' || !Utf8Text.IsPrintable(c)) return false;
        }

        return Utf8Text.IsWellFormed(label);
    }
}
