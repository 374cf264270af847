using System.Text;

namespace Vsmtp.Mail.Addresses;

/// <summary>The angle brackets around an address (RFC 5321 §4.1.2).</summary>
internal static class PathSyntax
{
    /// <summary>Longest path with its brackets, in octets (RFC 5321 §4.5.3.1.3).</summary>
    public const int MaxBytes = 256;

    /// <summary>Takes off the brackets and an old source route, which is accepted and ignored (RFC 5321 §C).</summary>
    public static bool TryUnwrap(ReadOnlySpan<char> text, out ReadOnlySpan<char> mailbox)
    {
        mailbox = default;
        if (text.Length < 2 || text[0] != '<' || text[^1] != '>' || Encoding.UTF8.GetByteCount(text) > MaxBytes) return false;
        mailbox = text[1..^1];
        if (mailbox is not ['@', ..]) return true;

        var colon = mailbox.IndexOf(':');
        if (colon < 0 || !IsRoute(mailbox[..colon])) return false;
        mailbox = mailbox[(colon + 1)..];
        return true;
    }

    private static bool IsRoute(ReadOnlySpan<char> route)
    {
        foreach (var part in route.Split(','))
        {
            if (route[part] is not ['@', .. var domain] || !DomainName.IsValid(domain)) return false;
        }

        return true;
    }
}
