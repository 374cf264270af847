using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Vsmtp.Contracts.Mail;

namespace Vsmtp.Delivery.Local;

/// <summary>Names of folders and files in Maildirs, made of what strangers wrote.</summary>
internal static class MaildirName
{
    /// <summary>Longest name that file systems take.</summary>
    public const int MaxBytes = 255;

    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int MaxHostBytes = 64;
    private const int TimeStart = 5;
    private const int TimeLength = 10;

    /// <summary>
    /// A folder's name for a domain or local part: ASCII letters in lower case, digits and <c>- _ + =</c> as they are, dots too but
    /// for a leading one, everything else as <c>%XX</c> for each octet of UTF-8. Different texts give different names, but for case.
    /// </summary>
    public static string OfFolder(string text)
    {
        var name = new StringBuilder(text.Length);
        foreach (var octet in Encoding.UTF8.GetBytes(text))
        {
            var c = char.ToLowerInvariant((char)octet);
            var isSafe = char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '+' or '=' || (c == '.' && name.Length > 0);
            if (isSafe) name.Append(c);
            else name.Append(CultureInfo.InvariantCulture, $"%{octet:X2}");
        }

        return name.ToString();
    }

    /// <summary>
    /// <c>SECONDS.MAILID_RECIPIENT.HOST</c>, the time being that of the mail's id and the recipient a hash: the same mail for the
    /// same recipient has the same name at each attempt.
    /// </summary>
    public static string OfFile(string mailId, string recipient, string host)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(recipient)), 0, 8);
        var safeHost = OfFolder(host) is { Length: > MaxHostBytes } longHost ? longHost[..MaxHostBytes] : OfFolder(host);
        return string.Create(CultureInfo.InvariantCulture, $"{SecondsOf(mailId)}.{OfFolder(mailId)}_{hash}.{safeHost}");
    }

    /// <summary>The 48 bits of milliseconds that a mail's id begins with; 0 for another kind of id.</summary>
    private static long SecondsOf(string mailId)
    {
        if (!MailId.IsWellFormed(mailId)) return 0;
        var milliseconds = 0L;
        foreach (var c in mailId.AsSpan(TimeStart, TimeLength))
        {
            milliseconds = (milliseconds << 5) | (uint)Alphabet.IndexOf(c, StringComparison.Ordinal);
        }

        return milliseconds / 1000;
    }
}
