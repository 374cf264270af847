using Vsmtp.Delivery.Work;
using Vsmtp.Mail.Addresses;

namespace Vsmtp.Delivery.Local;

/// <summary>Finds the mailbox of a recipient: a virtual user's below the site's root, or a system account's in its home.</summary>
/// <param name="localGroup">The group of what is made in system accounts' mailboxes; null: the account's own.</param>
/// <param name="isAnyone">Whoever asks can become any user but root: see <see cref="Identities.ThreadIdentity"/>.</param>
internal sealed class MailboxTable(string? maildirRoot, string mboxRoot, uint? localGroup = null, bool isAnyone = false)
{
    /// <summary>Its Maildir, or the folder of its mbox.</summary>
    /// <param name="mbox">The name of the mbox there: <c>mbox</c> in a virtual user's folder, the account's in the machine's.</param>
    /// <param name="refusal">Why there is none; null when there is one.</param>
    /// <exception cref="IOException">The accounts cannot be read now.</exception>
    public Mailbox? Find(string recipient, MailboxFormat format, out string mbox, out Refusal? refusal)
    {
        mbox = "mbox";
        refusal = null;
        if (!Posix.IsSupported) refusal = Refusal.ForNow("4.3.5", "mailboxes need 64-bit Linux");
        else if (!MailAddress.TryParse(recipient, out var address)) refusal = Refusal.ForGood("5.1.3", "5.1.3 it is no mail address");
        else if (maildirRoot is not null) return FindVirtual(maildirRoot, address, out refusal);
        else return FindAccount(address.LocalPart, format, out mbox, out refusal);
        return null;
    }

    /// <summary>The same for a system account alone.</summary>
    /// <param name="localPart">The account's name, in any case.</param>
    public Mailbox? FindAccount(string localPart, MailboxFormat format, out string mbox, out Refusal? refusal)
    {
        var account = SystemAccount.Find(localPart) ?? SystemAccount.Find(localPart.ToLowerInvariant());
        mbox = account?.Name ?? "";
        refusal = account switch
        {
            null => Refusal.ForGood("5.1.1", $"5.1.1 there is no account '{localPart}' on this machine"),
            // Whoever brings mail to root's folders would write as root; Postfix does not, either.
            { User: 0 } => Refusal.ForNow("4.3.5", $"mail is not put into folders of {account.Name}, who is root: let a rule name a person for it"),
            _ when !isAnyone && !MayActAs(account) =>
                Refusal.ForNow("4.3.5", $"this process may not write as {account.Name}: it runs neither as root nor as that user"),
            { Home: "" } when format is MailboxFormat.Maildir => Refusal.ForNow("4.2.0", $"the account {account.Name} has no home"),
            _ => null,
        };
        if (refusal is not null) return null;
        var owner = account! with { Group = localGroup ?? account.Group };
        return format is MailboxFormat.Mbox ? new Mailbox(mboxRoot, [], owner) : new Mailbox(owner.Home, ["Maildir"], owner);
    }

    private static Mailbox? FindVirtual(string root, MailAddress address, out Refusal? refusal)
    {
        var domain = MaildirName.OfFolder(address.Domain);
        var user = MaildirName.OfFolder(address.LocalPart);
        var fits = domain.Length <= MaildirName.MaxBytes && user.Length is > 0 and <= MaildirName.MaxBytes;
        refusal = fits ? null : Refusal.ForGood("5.1.3", "5.1.3 the address gives no name of a folder");
        return fits ? new Mailbox(root, [domain, user], null) : null;
    }

    private static bool MayActAs(SystemAccount account) => Posix.EffectiveUser() is var user && (user == 0 || user == account.User);
}
