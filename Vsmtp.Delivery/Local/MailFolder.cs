using System.Collections.Immutable;
using Microsoft.Win32.SafeHandles;

namespace Vsmtp.Delivery.Local;

/// <summary>Steps into folders that users may own: each through the open one before it, and through no link.</summary>
internal static class MailFolder
{
    private const int FolderMode = 0x1C0; // rwx------

    /// <summary>Goes down from a folder, making what is missing.</summary>
    /// <returns>The last one, to be disposed of by the caller; without <paramref name="names"/> another handle of the first.</returns>
    /// <exception cref="IOException">A name is no folder, is a link, or cannot be made or opened.</exception>
    public static SafeFileHandle Descend(SafeFileHandle root, ImmutableArray<string> names)
    {
        var current = Posix.OpenAt(root, ".", Posix.OpenDirectory, 0);
        foreach (var name in names)
        {
            try
            {
                var inner = OpenInner(current, name);
                current.Dispose();
                current = inner;
            }
            catch
            {
                current.Dispose();
                throw;
            }
        }

        return current;
    }

    /// <summary>The group of a folder, opened as it is, links and all.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static uint GroupOf(string path)
    {
        using var folder = Posix.Open(path, Posix.OpenDirectory);
        return Posix.FactsOf(folder).Group;
    }

    public static SafeFileHandle OpenInner(SafeFileHandle folder, string name)
    {
        if (Posix.MakeFolderAt(folder, name, FolderMode)) Posix.Sync(folder);
        return Posix.OpenAt(folder, name, Posix.OpenDirectory, 0);
    }
}
