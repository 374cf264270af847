using System.Diagnostics.CodeAnalysis;
using System.Text;
using Vsmtp.Delivery.Local;

namespace Vsmtp.Delivery.Carrying;

/// <summary>All that the server says of a mail; everything else the carrier finds out itself.</summary>
/// <param name="Account">What may be the name of a system account, in any case.</param>
/// <param name="Name">Of the file in a Maildir, as of <see cref="MaildirName.OfFile"/>.</param>
/// <param name="Sender">The reverse path, for the first line of a mail in an mbox.</param>
internal sealed record CarrierRequest(MailboxFormat Format, string Account, string Name, string Sender)
{
    private const int MaxChars = 1024;

    /// <summary>The carrier will take it: addresses are made of what strangers wrote.</summary>
    public bool IsSound => TryParse(ToBytes(), out _);

    public byte[] ToBytes() => Encoding.UTF8.GetBytes(string.Join('\0', Format is MailboxFormat.Mbox ? "mbox" : "maildir", Account, Name, Sender));

    /// <summary>Takes nothing but what a server in its right mind says.</summary>
    public static bool TryParse(ReadOnlySpan<byte> octets, [NotNullWhen(true)] out CarrierRequest? request)
    {
        request = Encoding.UTF8.GetString(octets).Split('\0') is [("maildir" or "mbox") and var format, var account, var name, var sender]
            && account.Length <= MaxChars && IsFileName(name) && sender.Length <= MaxChars && !sender.Any(char.IsControl)
            ? new CarrierRequest(format is "mbox" ? MailboxFormat.Mbox : MailboxFormat.Maildir, account, name, sender)
            : null;
        return request is not null;
    }

    private static bool IsFileName(string name) =>
        name.Length is > 0 and <= MaildirName.MaxBytes && char.IsAsciiDigit(name[0])
        && name.All(c => char.IsAsciiLetterOrDigit(c) || "-_+=.%".Contains(c));
}
