using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Vsmtp.Delivery.Local;

namespace Vsmtp.Delivery.Identities;

/// <summary>Folders that root makes for somebody else.</summary>
public static partial class RootFolder
{
    private const int FolderMode = 0x1C0; // rwx------

    /// <summary>Makes a folder in one of root's, and gives it away; does nothing in anybody else's.</summary>
    /// <returns>Whether it is made.</returns>
    /// <exception cref="IOException">It cannot be made, or given away.</exception>
    public static bool TryMake(string parent, string name, ThreadIdentity owner)
    {
        using var above = Posix.Open(parent, Posix.OpenDirectory);
        if (Posix.FactsOf(above).User != 0 || !Posix.MakeFolderAt(above, name, FolderMode)) return false;
        using var made = Posix.OpenAt(above, name, Posix.OpenDirectory, 0);
        if (Posix.FactsOf(made).User != 0) return false;       // somebody was quicker
        if (GiveAway(made, owner.User, owner.Group) != 0) throw new IOException($"cannot give it to the user {owner.User}: {Marshal.GetLastPInvokeErrorMessage()}");
        return true;
    }

    [LibraryImport("libc", EntryPoint = "fchown", SetLastError = true)]
    private static partial int GiveAway(SafeFileHandle folder, uint user, uint group);
}
