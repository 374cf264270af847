using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Vsmtp.Delivery.Local;

namespace Vsmtp.Delivery.Identities;

/// <summary>Folders that root makes for somebody else.</summary>
public static partial class RootFolder
{
    private const int FolderMode = 0x1C0; // rwx------

    /// <summary>
    /// Goes down a path as long as all is root's, links included, makes the first folder that is missing and gives it away. What is below it is
    /// for its owner to make; and in a folder of anybody else's nothing is done, since he could put a link there at any time.
    /// </summary>
    /// <param name="path">Absolute.</param>
    /// <exception cref="IOException">It cannot be made, or given away.</exception>
    public static void Make(string path, ThreadIdentity owner)
    {
        var current = Posix.Open("/", Posix.OpenDirectory);
        try
        {
            foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
            {
                if (Posix.FactsOf(current).User != 0) return;
                if (Posix.TryFactsAt(current, name) is not { } facts)
                {
                    MakeFor(owner, current, name);
                    return;
                }

                if (facts.User != 0) return;
                var next = Posix.OpenAt(current, name, Posix.OpenDirectory, 0, followsLink: true);
                current.Dispose();
                current = next;
            }
        }
        finally
        {
            current.Dispose();
        }
    }

    private static void MakeFor(ThreadIdentity owner, SafeFileHandle above, string name)
    {
        if (!Posix.MakeFolderAt(above, name, FolderMode)) return;
        using var made = Posix.OpenAt(above, name, Posix.OpenDirectory, 0);
        if (Posix.FactsOf(made).User != 0) return;             // somebody was quicker
        if (GiveAway(made, owner.User, owner.Group) != 0)
            throw new IOException($"cannot give '{name}' to the user {owner.User}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", EntryPoint = "fchown", SetLastError = true)]
    private static partial int GiveAway(SafeFileHandle folder, uint user, uint group);
}
