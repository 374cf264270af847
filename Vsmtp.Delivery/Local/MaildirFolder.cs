using Microsoft.Win32.SafeHandles;

namespace Vsmtp.Delivery.Local;

/// <summary>An open Maildir: a mail is written in <c>tmp</c> and moved to <c>new</c> when it is whole and synced.</summary>
/// <remarks>All goes through open folders, so that nobody can put another folder or a link in the way between two steps.</remarks>
internal sealed class MaildirFolder : IDisposable
{
    private const int FileMode = 0x180; // rw-------

    private readonly SystemAccount? _owner;
    private readonly SafeFileHandle _tmp;
    private readonly SafeFileHandle _new;

    private MaildirFolder(SystemAccount? owner, SafeFileHandle tmp, SafeFileHandle @new)
    {
        _owner = owner;
        _tmp = tmp;
        _new = @new;
    }

    /// <summary>Opens a Maildir, and makes what of it is missing.</summary>
    /// <exception cref="IOException">A folder is no folder, is a link, or cannot be made or opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It is not its owner's, or this process may not act as the owner.</exception>
    public static MaildirFolder Open(Mailbox mailbox)
    {
        using var identity = FileIdentity.Assume(mailbox.Owner);
        using var root = Posix.Open(mailbox.Root, Posix.OpenDirectory);
        // Accounts such as daemon live in folders that are not theirs.
        if (mailbox.Owner is { } owner && Posix.FactsOf(root).User != owner.User)
        {
            throw new UnauthorizedAccessException($"{mailbox.Root} does not belong to {owner.Name}");
        }

        using var folder = MailFolder.Descend(root, mailbox.Folders);
        MailFolder.OpenInner(folder, "cur").Dispose();
        var tmp = MailFolder.OpenInner(folder, "tmp");
        return new MaildirFolder(mailbox.Owner, tmp, MailFolder.OpenInner(folder, "new"));
    }

    /// <summary>Begins a mail; what an earlier attempt left of it is removed.</summary>
    public SafeFileHandle Create(string name)
    {
        using var identity = FileIdentity.Assume(_owner);
        Posix.RemoveAt(_tmp, name);
        return Posix.OpenAt(_tmp, name, Posix.OpenWriteOnly | Posix.OpenCreate | Posix.OpenExclusive, FileMode);
    }

    /// <summary>Gives a mail, whole and synced, to its reader: durable when this returns.</summary>
    public void Publish(string name)
    {
        using var identity = FileIdentity.Assume(_owner);
        Posix.MoveAt(_tmp, _new, name);
        Posix.Sync(_new);
    }

    /// <summary>Removes what was begun, if it can: the next attempt would do it, too.</summary>
    public void Discard(string name)
    {
        using var identity = FileIdentity.Assume(_owner);
        _ = Posix.TryRemoveAt(_tmp, name);
    }

    public void Dispose()
    {
        _tmp.Dispose();
        _new.Dispose();
    }
}
