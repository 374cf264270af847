using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vsmtp.Rules.Services.Files;

/// <summary>The calls of Linux' C library for files that .NET has not.</summary>
internal static partial class NativeFile
{
    public const int AtWorkingFolder = -100;
    public const int AtEmptyPath = 0x1000;
    public const uint StatBasics = 0x7FF;
    public const int StatBytes = 256;

    private const string C = "libc";
    private const int CloseOnExec = 0x80000;

    /// <summary>Returns when the entries of a folder are on the disk.</summary>
    /// <exception cref="IOException">They cannot be brought there.</exception>
    public static void SyncFolder(string path)
    {
        var descriptor = Open(path, CloseOnExec, 0);
        if (descriptor < 0) throw Failed("open", path);
        using var folder = new SafeFileHandle(descriptor, ownsHandle: true);
        if (Sync(folder) != 0) throw Failed("sync", path);
    }

    public static IOException Failed(string what, string path) =>
        new($"cannot {what} '{path}': {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");

    [LibraryImport(C, EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Stat(int folder, string path, int flags, uint mask, byte[] buffer);

    [LibraryImport(C, EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Stat(SafeFileHandle file, string path, int flags, uint mask, byte[] buffer);

    [LibraryImport(C, EntryPoint = "fchown", SetLastError = true)]
    public static partial int ChangeOwner(SafeFileHandle file, uint user, uint group);

    [LibraryImport(C, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, int mode);

    [LibraryImport(C, EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(SafeFileHandle file);
}
