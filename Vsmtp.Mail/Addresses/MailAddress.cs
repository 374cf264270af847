using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Vsmtp.Mail.Addresses;

/// <summary>A mailbox: local part and domain (RFC 5321 §4.1.2), ASCII or UTF-8 (RFC 6531 §3.3).</summary>
/// <remarks>Local parts are compared letter by letter, domains without regard to case (RFC 5321 §2.4).</remarks>
public sealed record MailAddress
{
    /// <summary>Longest local part as written, quotes included, in octets (RFC 5321 §4.5.3.1.1).</summary>
    public const int MaxLocalPartBytes = 64;

    private const string Specials = "()<>[]:;@\\,.\" ";

    private MailAddress(string localPart, string domain)
    {
        LocalPart = localPart;
        Domain = domain;
    }

    /// <summary>The local part without quotes and backslashes; may hold blanks and <c>@</c>, never CR, LF or NUL.</summary>
    public string LocalPart { get; }

    /// <summary>The domain in lower case, or an address literal with its brackets.</summary>
    public string Domain { get; }

    /// <summary>The address cannot be sent without SMTPUTF8 (RFC 6531 §3.4).</summary>
    public bool RequiresSmtpUtf8 => !Ascii.IsValid(LocalPart) || !Ascii.IsValid(Domain);

    /// <summary>Reads <c>local@domain</c> without angle brackets.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out MailAddress? address)
    {
        address = null;
        // The last one: a quoted local part may hold others.
        var at = text.LastIndexOf('@');
        if (at < 1 || !TryReadLocalPart(text[..at], out var localPart)) return false;
        if (!TryReadDomain(text[(at + 1)..], out var domain)) return false;
        address = new MailAddress(localPart, domain);
        return true;
    }

    /// <summary>As <see cref="TryParse"/>, for text that was an address before, such as one read from the store.</summary>
    /// <exception cref="FormatException">The text is no address.</exception>
    public static MailAddress Parse(string text) =>
        TryParse(text, out var address) ? address : throw new FormatException($"'{text}' is no mail address.");

    /// <summary>The same mailbox name in another domain.</summary>
    /// <exception cref="FormatException"><paramref name="domain"/> is no domain.</exception>
    public MailAddress WithDomain(string domain) =>
        TryReadDomain(domain, out var read) ? new(LocalPart, read) : throw new FormatException($"'{domain}' is no domain.");

    /// <summary><c>local@domain</c>, the local part quoted only where it must be (RFC 5321 §4.1.2).</summary>
    public override string ToString() => $"{QuoteLocalPart(LocalPart)}@{Domain}";

    private static bool TryReadDomain(ReadOnlySpan<char> text, out string domain)
    {
        domain = "";
        if (text is ['[', ..])
        {
            if (!AddressLiteral.TryParse(text, out var ip)) return false;
            domain = AddressLiteral.Format(ip);
            return true;
        }

        if (!DomainName.IsValid(text)) return false;
        domain = text.ToString().ToLowerInvariant();
        return true;
    }

    private static bool TryReadLocalPart(ReadOnlySpan<char> text, out string localPart)
    {
        localPart = "";
        if (Encoding.UTF8.GetByteCount(text) > MaxLocalPartBytes || !Utf8Text.IsWellFormed(text)) return false;
        if (text is ['"', ..]) return TryReadQuoted(text, out localPart);
        if (!IsDotString(text)) return false;
        localPart = text.ToString();
        return true;
    }

    private static bool IsDotString(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text[0] == '.' || text[^1] == '.' || text.Contains("..", StringComparison.Ordinal)) return false;
        foreach (var c in text)
        {
            if (c != '.' && (!IsText(c) || Specials.Contains(c, StringComparison.Ordinal))) return false;
        }

        return true;
    }

    private static bool TryReadQuoted(ReadOnlySpan<char> text, out string localPart)
    {
        localPart = "";
        if (text.Length < 2 || text[^1] != '"') return false;
        var inner = text[1..^1];
        var unquoted = new StringBuilder(inner.Length);
        for (var i = 0; i < inner.Length; i++)
        {
            var c = inner[i];
            if (c == '"') return false;
            if (c == '\\')
            {
                if (++i == inner.Length) return false;
                c = inner[i];
            }

            if (c != ' ' && !IsText(c)) return false;
            unquoted.Append(c);
        }

        localPart = unquoted.ToString();
        return true;
    }

    private static bool IsText(char c) => c is > ' ' and < '\x7F' || (c >= 0x80 && Utf8Text.IsPrintable(c));

    private static string QuoteLocalPart(string localPart) => IsDotString(localPart)
        ? localPart
        : $"\"{localPart.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
