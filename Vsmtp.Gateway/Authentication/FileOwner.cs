using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vsmtp.Gateway.Authentication;

/// <summary>Whose a file is: when root rewrites one, it stays the server's.</summary>
internal static partial class FileOwner
{
    private const int CurrentFolder = -100;                    // AT_FDCWD
    private const uint OwnerAndGroup = 0x18;                   // STATX_UID | STATX_GID
    private const int StatBytes = 256;
    private const int UserAt = 20;                             // of struct statx, the same on every architecture
    private const int GroupAt = 24;

    /// <summary>Gives a file to the owner of the one that it replaces, or, where there is none, of its folder. For others than root nothing changes.</summary>
    /// <exception cref="IOException">It cannot be given.</exception>
    public static void Keep(string replaced, SafeFileHandle file)
    {
        if (!OperatingSystem.IsLinux() || EffectiveUser() != 0) return;
        var stat = new byte[StatBytes];
        var model = File.Exists(replaced) ? replaced : Path.GetDirectoryName(replaced)!;
        if (StatX(CurrentFolder, model, 0, OwnerAndGroup, stat) != 0) throw Failed(model);
        if (Give(file, BitConverter.ToUInt32(stat, UserAt), BitConverter.ToUInt32(stat, GroupAt)) != 0) throw Failed(replaced);
    }

    private static IOException Failed(string path) => new($"cannot keep the owner of {path}: {Marshal.GetLastPInvokeErrorMessage()}");

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int folder, string path, int flags, uint mask, byte[] buffer);

    [LibraryImport("libc", EntryPoint = "fchown", SetLastError = true)]
    private static partial int Give(SafeFileHandle file, uint user, uint group);
}
