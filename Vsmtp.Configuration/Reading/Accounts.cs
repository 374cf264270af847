using System.Runtime.InteropServices;

namespace Vsmtp.Configuration.Reading;

/// <summary>Asks the system for accounts and groups, wherever it keeps them (nsswitch.conf(5)).</summary>
internal static partial class Accounts
{
    public static bool HasUser(string name) => OperatingSystem.IsWindows() || FindUser(name) != 0;

    public static bool HasGroup(string name) => OperatingSystem.IsWindows() || FindGroup(name) != 0;

    [LibraryImport("libc", EntryPoint = "getpwnam", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint FindUser(string name);

    [LibraryImport("libc", EntryPoint = "getgrnam", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint FindGroup(string name);
}
