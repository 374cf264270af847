using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vsmtp.Rules.Services.Commands;

/// <summary>The calls of Linux' C library that start and end a program in a session of its own, which .NET cannot.</summary>
internal static partial class NativeProcess
{
    public const int SignalKill = 9;
    public const int ErrorNoChild = 10;

    /// <summary>posix_spawn of glibc: signals to their defaults, none blocked, a new session (and with it a new process group).</summary>
    public const short SpawnSetSignalDefaults = 0x04;
    public const short SpawnSetSignalMask = 0x08;
    public const short SpawnSetSession = 0x80;

    public const int WaitExited = 4;
    public const int WaitNoHang = 1;
    public const int WaitKeep = 0x01000000;
    public const int WaitForOne = 1;

    private const string C = "libc";

    [LibraryImport(C, EntryPoint = "posix_spawn")]
    public static partial int Spawn(out int id, IntPtr path, IntPtr actions, IntPtr attributes, IntPtr arguments, IntPtr environment);

    [LibraryImport(C, EntryPoint = "posix_spawn_file_actions_init")]
    public static partial int InitActions(IntPtr actions);

    [LibraryImport(C, EntryPoint = "posix_spawn_file_actions_destroy")]
    public static partial int DestroyActions(IntPtr actions);

    [LibraryImport(C, EntryPoint = "posix_spawn_file_actions_addopen", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int AddOpen(IntPtr actions, int descriptor, string path, int flags, uint mode);

    [LibraryImport(C, EntryPoint = "posix_spawn_file_actions_adddup2")]
    public static partial int AddDuplicate(IntPtr actions, SafePipeHandle from, int to);

    /// <summary>Since glibc 2.34.</summary>
    [LibraryImport(C, EntryPoint = "posix_spawn_file_actions_addclosefrom_np")]
    public static partial int AddCloseFrom(IntPtr actions, int lowest);

    [LibraryImport(C, EntryPoint = "posix_spawnattr_init")]
    public static partial int InitAttributes(IntPtr attributes);

    [LibraryImport(C, EntryPoint = "posix_spawnattr_destroy")]
    public static partial int DestroyAttributes(IntPtr attributes);

    [LibraryImport(C, EntryPoint = "posix_spawnattr_setflags")]
    public static partial int SetFlags(IntPtr attributes, short flags);

    [LibraryImport(C, EntryPoint = "posix_spawnattr_setsigdefault")]
    public static partial int SetSignalDefaults(IntPtr attributes, byte[] signals);

    [LibraryImport(C, EntryPoint = "posix_spawnattr_setsigmask")]
    public static partial int SetSignalMask(IntPtr attributes, byte[] signals);

    /// <param name="information">siginfo_t, 128 bytes; its first word stays 0 when nothing has ended.</param>
    [LibraryImport(C, EntryPoint = "waitid", SetLastError = true)]
    public static partial int WaitId(int kind, int id, byte[] information, int options);

    [LibraryImport(C, EntryPoint = "waitpid", SetLastError = true)]
    public static partial int WaitForStatus(int id, out int status, int options);

    [LibraryImport(C, EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int id, int signal);

    [LibraryImport(C, EntryPoint = "geteuid")]
    public static partial uint EffectiveUser();

    [LibraryImport(C, EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Access(string path, int mode);

    [LibraryImport(C, EntryPoint = "getpwnam_r", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int FindUser(string name, IntPtr entry, IntPtr buffer, nuint bufferBytes, out IntPtr found);

    [LibraryImport(C, EntryPoint = "getpwuid_r")]
    public static partial int FindUser(uint id, IntPtr entry, IntPtr buffer, nuint bufferBytes, out IntPtr found);

    [LibraryImport(C, EntryPoint = "getgrnam_r", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int FindGroup(string name, IntPtr entry, IntPtr buffer, nuint bufferBytes, out IntPtr found);
}
