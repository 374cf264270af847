using System.Text;
using Microsoft.Win32.SafeHandles;
using Vsmtp.Rules.Services.Files;

namespace Vsmtp.Rules.Services.Csv;

/// <summary>
/// The bytes of a CSV database. Readers share the file, a writer has it alone, by flock(2): between processes too. A record is on the
/// disk when it is added; records are removed by a new file in place of the old one, so that after a crash either is there.
/// </summary>
/// <remarks>All methods work on the caller's thread; a lock that is taken is an exception, and the caller tries again.</remarks>
internal static class CsvFile
{
    /// <summary>Largest file: its index is in memory.</summary>
    public const int MaxBytes = 64 * 1024 * 1024;

    private const int ErrorWouldBlock = 11;

    /// <summary>Whether a file is locked by somebody else now.</summary>
    public static bool IsLocked(IOException fault) => fault.HResult == ErrorWouldBlock;

    /// <exception cref="IOException">It cannot be read, is too large, or is being written.</exception>
    public static (byte[] Bytes, FileStamp Stamp) Read(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        return (ReadAll(file, path), FileStamp.Of(file));
    }

    /// <summary>Adds a line at the end, on a line of its own.</summary>
    /// <returns>The stamps before and after.</returns>
    /// <exception cref="IOException">It cannot be written, would be too large, or is in use; it is then as it was.</exception>
    public static (FileStamp Before, FileStamp After) Append(string path, string line)
    {
        using var file = OpenAlone(path);
        var before = FileStamp.Of(file);
        var last = new byte[1];
        var isOnNewLine = before.Length == 0 || (RandomAccess.Read(file, last, before.Length - 1) == 1 && last[0] == '\n');
        var bytes = Encoding.UTF8.GetBytes(isOnNewLine ? line : "\n" + line);
        if (before.Length + bytes.Length > MaxBytes) throw TooLarge(path);
        try
        {
            RandomAccess.Write(file, bytes, before.Length);
            RandomAccess.FlushToDisk(file);
        }
        catch
        {
            RandomAccess.SetLength(file, before.Length);       // no half record on a full disk
            throw;
        }

        return (before, FileStamp.Of(file));
    }

    /// <summary>Puts other bytes in place of all.</summary>
    /// <param name="edit">Null: nothing is to be changed.</param>
    /// <exception cref="IOException">It cannot be written or is in use; it is then as it was.</exception>
    public static void Rewrite(string path, Func<byte[], byte[]?> edit)
    {
        using var file = OpenAlone(path);
        if (edit(ReadAll(file, path)) is not { } bytes) return;
        // A link stays a link.
        var target = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        var folder = Path.GetDirectoryName(target)!;
        // Always the same name, which the lock guards: what a killed process left is written over.
        var temporary = Path.Combine(folder, $".{Path.GetFileName(target)}.new");
        File.Delete(temporary);
        using (var next = File.OpenHandle(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
        {
            var (user, group) = FileStamp.OwnerOf(file);
            if (FileStamp.OwnerOf(next) != (user, group) && NativeFile.ChangeOwner(next, user, group) != 0) throw NativeFile.Failed("give away", temporary);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(next, File.GetUnixFileMode(file));
            RandomAccess.Write(next, bytes, 0);
            RandomAccess.FlushToDisk(next);
        }

        File.Move(temporary, target, overwrite: true);
        NativeFile.SyncFolder(folder);
    }

    /// <summary>The file that has the name now: another writer may have put a new one in place of the one whose lock was waited for.</summary>
    private static SafeFileHandle OpenAlone(string path)
    {
        while (true)
        {
            var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            if (FileStamp.Of(path) is { } named && named.IsSameFile(FileStamp.Of(file))) return file;
            file.Dispose();
        }
    }

    private static byte[] ReadAll(SafeFileHandle file, string path)
    {
        var length = RandomAccess.GetLength(file);
        if (length > MaxBytes) throw TooLarge(path);
        var bytes = new byte[length];
        var count = 0;
        while (count < bytes.Length)
        {
            var got = RandomAccess.Read(file, bytes.AsSpan(count), count);
            if (got == 0) break;
            count += got;
        }

        return count == bytes.Length ? bytes : bytes[..count];
    }

    private static IOException TooLarge(string path) => new($"'{path}' would have more than {MaxBytes} bytes");
}
