using System.Text;
using Vsmtp.Mail.Addresses;

namespace Vsmtp.Mail.Headers;

/// <summary>Changes to the author and the recipients that a message itself names; the envelope is another matter.</summary>
/// <remarks>Each is one edit of the block, so it is recorded and can be made again; all other fields keep their bytes.</remarks>
public static class AddressHeaders
{
    private const string Sender = "From";
    private const string Recipients = "To";

    /// <summary>Makes an address the only author: the first From keeps its place and the letters of its name.</summary>
    /// <remarks>Of several From fields, which RFC 5322 §3.6 forbids, one is left, as the last field.</remarks>
    public static HeaderFault SetSender(HeaderBlock headers, MailAddress sender)
    {
        if (headers.Count(Sender) > 1) headers.RemoveAll(Sender);
        return headers.Find(Sender) is { } field
            ? Replace(headers, Sender, Encoding.UTF8.GetBytes($"{field.Name}: {sender}\r\n"))
            : headers.Append(Sender, sender.ToString());
    }

    /// <summary>In the first To; without one, adds one with the new address.</summary>
    public static HeaderFault ReplaceRecipient(HeaderBlock headers, MailAddress recipient, MailAddress by)
    {
        if (headers.Find(Recipients) is not { } field) return headers.Append(Recipients, by.ToString());
        return AddressListField.TryRead(field, out var list)
            ? Replace(headers, Recipients, list.Replace(recipient, by))
            : HeaderFault.Unreadable;
    }

    /// <summary>As the last of the first To; without one, adds one.</summary>
    public static HeaderFault AddRecipient(HeaderBlock headers, MailAddress recipient)
    {
        if (headers.Find(Recipients) is not { } field) return headers.Append(Recipients, recipient.ToString());
        return AddressListField.TryRead(field, out var list) ? Replace(headers, Recipients, list.Append(recipient)) : HeaderFault.Unreadable;
    }

    /// <summary>From the first To; the only one there stays.</summary>
    public static HeaderFault RemoveRecipient(HeaderBlock headers, MailAddress recipient)
    {
        if (headers.Find(Recipients) is not { } field) return HeaderFault.NotFound;
        return AddressListField.TryRead(field, out var list) ? Replace(headers, Recipients, list.Remove(recipient)) : HeaderFault.Unreadable;
    }

    private static HeaderFault Replace(HeaderBlock headers, string name, byte[]? field) => field is null
        ? HeaderFault.NotFound
        : headers.Apply(new HeaderEdit.ReplaceField(name, Encoding.Latin1.GetString(field)));
}
