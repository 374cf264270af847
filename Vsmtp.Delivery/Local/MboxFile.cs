using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Vsmtp.Delivery.Local;

/// <summary>An mbox, open and locked in both ways that readers know: fcntl(2), and a file <c>NAME.lock</c> beside it (Debian Policy §11.6).</summary>
internal sealed class MboxFile : IDisposable
{
    private const int FileMode = 0x180; // rw-------
    private const int LockMode = 0x1A4; // rw-r--r--

    /// <summary>Of a lock file of which nobody knows who made it.</summary>
    private static readonly TimeSpan Stale = TimeSpan.FromMinutes(5);

    private readonly SystemAccount? _identity;
    private readonly SafeFileHandle _folder;
    private readonly string _lockName;
    private readonly FileStream _file;
    private long _length;               // as it was when it was locked: before that another program may write
    private bool _isLocked;

    private MboxFile(SystemAccount? identity, SafeFileHandle folder, string name, SafeFileHandle file)
    {
        (_identity, _folder, _lockName) = (identity, folder, $"{name}.lock");
        _file = new FileStream(file, FileAccess.ReadWrite, bufferSize: 0);
    }

    /// <summary>Where to write; what is there already ends with an empty line, or is nothing.</summary>
    public Stream End => _file;

    /// <summary>Opens an mbox, makes it if it is missing, and locks it.</summary>
    /// <returns>Null: somebody else has it now.</returns>
    /// <exception cref="IOException">It is a link, no file, or cannot be made or opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It is not its owner's alone, or this process may not act as the owner.</exception>
    public static MboxFile? TryOpen(Mailbox mailbox, string name)
    {
        // What the folder's group may, the mailbox's owner is allowed while this lasts: /var/mail is of root and the group mail.
        using var root = Posix.Open(mailbox.Root, Posix.OpenDirectory);
        var account = mailbox.Owner is { } owner ? owner with { Group = Posix.FactsOf(root).Group } : null;
        using var identity = FileIdentity.Assume(account);
        var folder = MailFolder.Descend(root, mailbox.Folders);
        MboxFile? mbox = null;
        try
        {
            mbox = new MboxFile(account, folder, name, OpenOwn(folder, account, name));
            // Another program may have put a new file in its place before we had it locked.
            if (Posix.TryLock(mbox._file.SafeFileHandle) && mbox.TryMakeLockFile() && Posix.FactsOf(mbox._file.SafeFileHandle).Links == 1)
            {
                mbox.GoToEnd();
                return mbox;
            }
        }
        catch
        {
            mbox?.Dispose();
            folder.Dispose();
            throw;
        }

        mbox.Dispose();
        return null;
    }

    /// <summary>What was written is on the disk when this returns.</summary>
    public void Sync() => _file.Flush(flushToDisk: true);

    /// <summary>Takes back what was written.</summary>
    public void Undo() => _file.SetLength(_length);

    public void Dispose()
    {
        using (FileIdentity.Assume(_identity))
        {
            if (_isLocked) _ = Posix.TryRemoveAt(_folder, _lockName);
        }

        _file.Dispose();
        _folder.Dispose();
    }

    /// <summary>A file that also has another name may be somebody else's, or no mailbox at all.</summary>
    private static SafeFileHandle OpenOwn(SafeFileHandle folder, SystemAccount? account, string name)
    {
        var file = Posix.OpenAt(folder, name, Posix.OpenReadWrite | Posix.OpenCreate, FileMode);
        var facts = Posix.FactsOf(file);
        Exception? fault = facts switch
        {
            { IsRegular: false } => new IOException($"{name} is no file"),
            { Links: not 1 } => new UnauthorizedAccessException($"{name} has other names, too"),
            _ when account is not null && facts.User != account.User => new UnauthorizedAccessException($"{name} does not belong to {account.Name}"),
            _ => null,
        };
        if (fault is null) return file;
        file.Dispose();
        throw fault;
    }

    private bool TryMakeLockFile()
    {
        if (Posix.TryCreateAt(_folder, _lockName, LockMode) is not { } made)
        {
            if (!IsAbandoned()) return false;
            Posix.RemoveAt(_folder, _lockName);
            made = Posix.TryCreateAt(_folder, _lockName, LockMode);
            if (made is null) return false;
        }

        using var file = new FileStream(made, FileAccess.Write, bufferSize: 0);
        file.Write(Encoding.ASCII.GetBytes($"{Environment.ProcessId}\n"));
        return _isLocked = true;
    }

    /// <summary>Its process, of which the number is in it, has ended; or it has none and is old.</summary>
    private bool IsAbandoned()
    {
        // A pipe of that name would be waited on for ever.
        using var handle = Posix.OpenAt(_folder, _lockName, Posix.OpenReadOnly | Posix.OpenNonBlocking, 0);
        if (!Posix.FactsOf(handle).IsRegular) return false;
        using var there = new FileStream(handle, FileAccess.Read, bufferSize: 0);
        Span<byte> text = stackalloc byte[32];
        var count = there.ReadAtLeast(text, text.Length, throwOnEndOfStream: false);
        if (int.TryParse(Encoding.ASCII.GetString(text[..count]).Trim(), out var process)) return !Posix.IsProcess(process);
        return DateTime.UtcNow - File.GetLastWriteTimeUtc(there.SafeFileHandle) > Stale;
    }

    /// <summary>What a crash left half written ends here, so that the next mail does not become a part of it.</summary>
    private void GoToEnd()
    {
        _length = _file.Seek(0, SeekOrigin.End);
        Span<byte> tail = stackalloc byte[2];
        var count = (int)Math.Min(2, _length);
        if (count == 0) return;
        RandomAccess.Read(_file.SafeFileHandle, tail[..count], _length - count);
        if (tail[count - 1] != (byte)'\n') _file.Write("\n\n"u8);
        else if (count == 2 && tail[0] != (byte)'\n') _file.Write("\n"u8);
    }
}
