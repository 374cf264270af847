using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vsmtp.Gateway.Authentication;

/// <summary>Whose a file is: what root writes for the server must be the server's.</summary>
public sealed partial record FileOwner(uint User, uint Group)
{
    private const int CurrentFolder = -100;                    // AT_FDCWD
    private const uint OwnerAndGroup = 0x18;                   // STATX_UID | STATX_GID
    private const int StatBytes = 256;
    private const int UserAt = 20;                             // of struct statx, the same on every architecture
    private const int GroupAt = 24;

    /// <exception cref="IOException">It cannot be told.</exception>
    internal static FileOwner Of(string path)
    {
        var stat = new byte[StatBytes];
        if (StatX(CurrentFolder, path, 0, OwnerAndGroup, stat) != 0) throw Failed(path);
        return new FileOwner(BitConverter.ToUInt32(stat, UserAt), BitConverter.ToUInt32(stat, GroupAt));
    }

    /// <summary>Gives the owner a file of root's.</summary>
    /// <exception cref="IOException">It cannot be given.</exception>
    internal void Take(SafeFileHandle file, string path)
    {
        if (Give(file, User, Group) != 0) throw Failed(path);
    }

    /// <summary>Whether this process may give files away.</summary>
    internal static bool IsRoot => OperatingSystem.IsLinux() && EffectiveUser() == 0;

    private static IOException Failed(string path) => new($"cannot keep the owner of {path}: {Marshal.GetLastPInvokeErrorMessage()}");

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int folder, string path, int flags, uint mask, byte[] buffer);

    [LibraryImport("libc", EntryPoint = "fchown", SetLastError = true)]
    private static partial int Give(SafeFileHandle file, uint user, uint group);
}
