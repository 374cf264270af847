using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vsmtp.Delivery.Local;

/// <summary>The calls of Linux' C library that .NET has not: paths relative to an open folder, no link followed, accounts.</summary>
internal static partial class Posix
{
    public const int OpenReadOnly = 0;
    public const int OpenWriteOnly = 1;
    public const int OpenReadWrite = 2;
    public const int OpenCreate = 0x40;
    public const int OpenExclusive = 0x80;
    public const int OpenNonBlocking = 0x800;
    public const int OpenCloseOnExec = 0x80000;

    public const int ErrorNoEntry = 2;
    public const int ErrorExists = 17;
    public const int ErrorRange = 34;

    private const string C = "libc";
    private const int AtEmptyPath = 0x1000;
    private const int AtNoFollow = 0x100;
    private const uint StatxFacts = 0x1 | 0x2 | 0x4 | 0x8 | 0x10;   // type, mode, links, user, group
    private const int StatxBytes = 256;

    private const int OfdSetLock = 37;
    private const short WriteLock = 1;
    private const int ErrorNotPermitted = 1;
    private const int ErrorAccess = 13;
    private const int ErrorAgain = 11;
    private const int LockBytes = 32;

    private static readonly bool IsArm = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm;

    /// <summary>These two numbers differ between the kernels' architectures.</summary>
    public static int OpenDirectory { get; } = IsArm ? 0x4000 : 0x10000;

    public static int OpenNoFollow { get; } = IsArm ? 0x8000 : 0x20000;

    /// <summary>The calls and structures here are those of 64-bit Linux.</summary>
    public static bool IsSupported => OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    public static int Error => Marshal.GetLastPInvokeError();

    /// <exception cref="IOException">The path cannot be opened so.</exception>
    public static SafeFileHandle Open(string path, int flags)
    {
        var descriptor = OpenPath(path, flags | OpenCloseOnExec, 0);
        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw Failed("open", path);
    }

    /// <exception cref="IOException">The name cannot be opened so; one that is a link is not, unless it is to be followed.</exception>
    public static SafeFileHandle OpenAt(SafeFileHandle folder, string name, int flags, int mode, bool followsLink = false)
    {
        var descriptor = OpenNameAt(folder, name, flags | (followsLink ? 0 : OpenNoFollow) | OpenCloseOnExec, mode);
        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw Failed("open", name);
    }

    /// <returns>Null: there is something of that name.</returns>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static SafeFileHandle? TryCreateAt(SafeFileHandle folder, string name, int mode)
    {
        var descriptor = OpenNameAt(folder, name, OpenWriteOnly | OpenCreate | OpenExclusive | OpenNoFollow | OpenCloseOnExec, mode);
        if (descriptor >= 0) return new SafeFileHandle(descriptor, ownsHandle: true);
        return Error == ErrorExists ? null : throw Failed("make", name);
    }

    /// <returns>Whether it was made now; false when there was something of that name.</returns>
    /// <exception cref="IOException">It is not there and cannot be made.</exception>
    public static bool MakeFolderAt(SafeFileHandle folder, string name, int mode)
    {
        if (MakeDirectoryAt(folder, name, (uint)mode) == 0) return true;
        return Error == ErrorExists ? false : throw Failed("make folder", name);
    }

    /// <summary>Removes a file if there is one.</summary>
    public static void RemoveAt(SafeFileHandle folder, string name)
    {
        if (!TryRemoveAt(folder, name) && Error != ErrorNoEntry) throw Failed("remove", name);
    }

    /// <summary>False: it is still there, or was not.</summary>
    public static bool TryRemoveAt(SafeFileHandle folder, string name) => UnlinkAt(folder, name, 0) == 0;

    /// <summary>Moves a file, in place of what had the name there.</summary>
    public static void MoveAt(SafeFileHandle from, SafeFileHandle to, string name)
    {
        if (RenameAt(from, name, to, name) != 0) throw Failed("move", name);
    }

    /// <summary>Returns when the folder's entries, or the file's octets, are on the disk.</summary>
    public static void Sync(SafeFileHandle handle)
    {
        if (SyncFile(handle) != 0) throw Failed("sync", "");
    }

    public static FileFacts FactsOf(SafeFileHandle handle)
    {
        var buffer = new byte[StatxBytes];
        return StatX(handle, "", AtEmptyPath, StatxFacts, buffer) == 0 ? FactsIn(buffer) : throw Failed("stat", "");
    }

    /// <summary>Of a link, not of what it leads to.</summary>
    /// <returns>Null: there is nothing of that name.</returns>
    /// <exception cref="IOException">The folder cannot be searched.</exception>
    public static FileFacts? TryFactsAt(SafeFileHandle folder, string name)
    {
        var buffer = new byte[StatxBytes];
        if (StatX(folder, name, AtNoFollow, StatxFacts, buffer) == 0) return FactsIn(buffer);
        return Error == ErrorNoEntry ? null : throw Failed("stat", name);
    }

    /// <summary>Locks a whole file for writing, for as long as it is open; other programs' fcntl(2) locks count, and so do other openings of this one.</summary>
    /// <returns>False: somebody else has it.</returns>
    public static bool TryLock(SafeFileHandle handle)
    {
        var everything = new byte[LockBytes];                  // struct flock of 64-bit Linux: type, whence, start, length (0: to the end), process
        BitConverter.TryWriteBytes(everything, WriteLock);
        if (Control(handle, OfdSetLock, everything) == 0) return true;
        return Error is ErrorAccess or ErrorAgain ? false : throw Failed("lock", "");
    }

    /// <summary>Also of another user's, which <c>/proc</c> need not show.</summary>
    public static bool IsProcess(int number) => number > 0 && (Signal(number, 0) == 0 || Error == ErrorNotPermitted);

    [LibraryImport(C, EntryPoint = "geteuid")]
    public static partial uint EffectiveUser();

    /// <summary>Sets whom this thread acts as on files; returns whom it did before.</summary>
    [LibraryImport(C, EntryPoint = "setfsuid")]
    public static partial uint ActAsUser(uint user);

    [LibraryImport(C, EntryPoint = "setfsgid")]
    public static partial uint ActAsGroup(uint group);

    /// <returns>0 or an error number; <paramref name="found"/> is null when there is no such account.</returns>
    [LibraryImport(C, EntryPoint = "getpwnam_r", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int FindAccount(string name, IntPtr account, IntPtr buffer, nuint bufferBytes, out IntPtr found);

    [LibraryImport(C, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenPath(string path, int flags, int mode);

    [LibraryImport(C, EntryPoint = "openat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenNameAt(SafeFileHandle folder, string name, int flags, int mode);

    [LibraryImport(C, EntryPoint = "mkdirat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeDirectoryAt(SafeFileHandle folder, string name, uint mode);

    [LibraryImport(C, EntryPoint = "unlinkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int UnlinkAt(SafeFileHandle folder, string name, int flags);

    [LibraryImport(C, EntryPoint = "renameat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RenameAt(SafeFileHandle from, string name, SafeFileHandle to, string newName);

    [LibraryImport(C, EntryPoint = "kill", SetLastError = true)]
    private static partial int Signal(int process, int signal);

    [LibraryImport(C, EntryPoint = "fsync", SetLastError = true)]
    private static partial int SyncFile(SafeFileHandle handle);

    [LibraryImport(C, EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(SafeFileHandle file, int command, byte[] argument);

    [LibraryImport(C, EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(SafeFileHandle folder, string path, int flags, uint mask, byte[] buffer);

    /// <summary>Offsets of struct statx (statx(2)): links 16, user 20, group 24, mode 28.</summary>
    private static FileFacts FactsIn(byte[] statx) => new(
        BitConverter.ToUInt32(statx, 16), BitConverter.ToUInt32(statx, 20), BitConverter.ToUInt32(statx, 24), BitConverter.ToUInt16(statx, 28));

    private static IOException Failed(string what, string name) =>
        new($"cannot {what} '{name}': {Marshal.GetPInvokeErrorMessage(Error)}");
}
