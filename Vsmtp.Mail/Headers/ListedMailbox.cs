using Vsmtp.Mail.Addresses;

namespace Vsmtp.Mail.Headers;

/// <summary>One element of an address list, by its places in the field: a mailbox, or a group as a whole.</summary>
/// <param name="List">0 for the field's own list, else the number of the group that it is in.</param>
/// <param name="CommaBefore">The comma in front of it in its list; -1: it is the first.</param>
/// <param name="Start">Its first octet that is no white space.</param>
/// <param name="End">Behind its last one; comments are part of it.</param>
internal readonly record struct ListedMailbox(int List, int CommaBefore, int Start, int End)
{
    /// <summary>Where the bare address begins, within angle brackets where there are any.</summary>
    public int AddressStart { get; init; }

    public int AddressEnd { get; init; }

    /// <summary>Null: what stands there is no address.</summary>
    public MailAddress? Address { get; init; }

    public bool IsGroup { get; init; }
}
