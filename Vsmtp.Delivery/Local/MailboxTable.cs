using Vsmtp.Delivery.Work;
using Vsmtp.Mail.Addresses;

namespace Vsmtp.Delivery.Local;

/// <summary>Finds the mailbox of a recipient: a virtual user's below the site's root, or a system account's in its home.</summary>
internal sealed class MailboxTable(string? maildirRoot, string mboxRoot)
{
    /// <summary>Its Maildir.</summary>
    /// <param name="refusal">Why there is none; null when there is one.</param>
    /// <exception cref="IOException">The accounts cannot be read now.</exception>
    public Mailbox? Find(string recipient, out Refusal? refusal)
    {
        refusal = null;
        if (!Posix.IsSupported) refusal = Refusal.ForNow("4.3.5", "mailboxes need 64-bit Linux");
        else if (!MailAddress.TryParse(recipient, out var address)) refusal = Refusal.ForGood("5.1.3", "5.1.3 it is no mail address");
        else return maildirRoot is null ? FindAccount(address, out refusal) : FindVirtual(maildirRoot, address, out refusal);
        return null;
    }

    /// <summary>The same for an mbox: <c>mbox</c> in a virtual user's folder, or a file of the account's name in the machine's folder of such files.</summary>
    /// <param name="file">Its name there.</param>
    public Mailbox? FindMbox(string recipient, out string file, out Refusal? refusal)
    {
        file = "mbox";
        var mailbox = Find(recipient, out refusal);
        if (mailbox?.Owner is not { } owner) return mailbox;
        file = owner.Name;
        return new Mailbox(mboxRoot, [], owner);
    }

    private static Mailbox? FindVirtual(string root, MailAddress address, out Refusal? refusal)
    {
        var domain = MaildirName.OfFolder(address.Domain);
        var user = MaildirName.OfFolder(address.LocalPart);
        var fits = domain.Length <= MaildirName.MaxBytes && user.Length is > 0 and <= MaildirName.MaxBytes;
        refusal = fits ? null : Refusal.ForGood("5.1.3", "5.1.3 the address gives no name of a folder");
        return fits ? new Mailbox(root, [domain, user], null) : null;
    }

    private static Mailbox? FindAccount(MailAddress address, out Refusal? refusal)
    {
        var account = SystemAccount.Find(address.LocalPart) ?? SystemAccount.Find(address.LocalPart.ToLowerInvariant());
        refusal = account switch
        {
            null => Refusal.ForGood("5.1.1", $"5.1.1 there is no account '{address.LocalPart}' on this machine"),
            _ when !MayActAs(account) =>
                Refusal.ForNow("4.3.5", $"this process may not write as {account.Name}: it runs neither as root nor as that user"),
            { Home: "" } => Refusal.ForNow("4.2.0", $"the account {account.Name} has no home"),
            _ => null,
        };
        return refusal is null ? new Mailbox(account!.Home, ["Maildir"], account) : null;
    }

    private static bool MayActAs(SystemAccount account) => Posix.EffectiveUser() is var user && (user == 0 || user == account.User);
}
