using System.Runtime.InteropServices;

namespace Vsmtp.Delivery.Identities;

/// <summary>The kernel's calls on the credentials of the calling thread.</summary>
internal static partial class Credentials
{
    /// <summary>Highest bit that a set of capabilities has room for; the kernel refuses those that it does not know.</summary>
    public const int LastCapability = 63;

    private const string C = "libc";
    private const int ErrorInvalid = 22;
    private const uint CapabilityVersion = 0x20080522;

    private const int SetDumpable = 4;
    private const int KeepCapabilities = 8;
    private const int DropFromBound = 24;
    private const int NoNewPrivileges = 38;
    private const int Ambient = 47;
    private const int AmbientRaise = 2;

    private static readonly bool IsArm = RuntimeInformation.ProcessArchitecture is Architecture.Arm64;

    /// <summary>The numbers of the calls are those of 64-bit Linux on these two.</summary>
    public static bool IsSupported =>
        OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64;

    private static nint SetGroupsCall => IsArm ? 159 : 116;

    private static nint SetUserCall => IsArm ? 147 : 117;

    private static nint SetGroupCall => IsArm ? 149 : 119;

    [LibraryImport(C, EntryPoint = "geteuid")]
    public static partial uint EffectiveUser();

    public static void SetUser(uint user) => Check((int)Call(SetUserCall, (nint)user, (nint)user, (nint)user), $"become the user {user}");

    public static void SetEffectiveUser(uint user) => Check((int)Call(SetUserCall, -1, (nint)user, -1), $"act as the user {user}");

    public static void SetGroup(uint group) => Check((int)Call(SetGroupCall, (nint)group, (nint)group, (nint)group), $"become the group {group}");

    public static void SetGroups(uint[] groups) => Check((int)Call(SetGroupsCall, groups.Length, groups), "give up groups");

    /// <summary>A change of the user leaves the permitted capabilities alone, until the next execve(2).</summary>
    public static void KeepAcrossUsers() => Check(Control(KeepCapabilities, 1, 0, 0, 0), "keep capabilities");

    /// <summary>No program that the thread starts can have the capability again.</summary>
    public static void DropBound(int bit)
    {
        if (Control(DropFromBound, bit, 0, 0, 0) != 0 && Marshal.GetLastPInvokeError() != ErrorInvalid) throw Failed("give up capabilities");
    }

    public static void RaiseAmbient(int bit) => Check(Control(Ambient, AmbientRaise, bit, 0, 0), "keep a capability in the next program");

    public static void GainNothing() => Check(Control(NoNewPrivileges, 1, 0, 0, 0), "refuse new privileges");

    /// <summary>Other processes, also of the same user, can neither look into this one nor attach to it.</summary>
    public static void Hide() => Check(Control(SetDumpable, 0, 0, 0, 0), "keep others out");

    public static (Capabilities Effective, Capabilities Permitted) Read()
    {
        var sets = new uint[6];                                // two of effective, permitted, inheritable: low bits, then high ones
        Check(GetCapabilities([CapabilityVersion, 0], sets), "read capabilities");
        return ((Capabilities)(sets[0] | ((ulong)sets[3] << 32)), (Capabilities)(sets[1] | ((ulong)sets[4] << 32)));
    }

    public static void Write(Capabilities kept)
    {
        var (low, high) = ((uint)kept, (uint)((ulong)kept >> 32));
        Check(SetCapabilities([CapabilityVersion, 0], [low, low, low, high, high, high]), $"keep no more than {kept}");
    }

    private static void Check(int answer, string what)
    {
        if (answer != 0) throw Failed(what);
    }

    private static UnauthorizedAccessException Failed(string what) =>
        new($"cannot {what}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");

    [LibraryImport(C, EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Call(nint number, nint first, nint second, nint third);

    [LibraryImport(C, EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Call(nint number, nint count, uint[] list);

    [LibraryImport(C, EntryPoint = "prctl", SetLastError = true)]
    private static partial int Control(int what, nint first, nint second, nint third, nint fourth);

    [LibraryImport(C, EntryPoint = "capget", SetLastError = true)]
    private static partial int GetCapabilities(uint[] header, uint[] sets);

    [LibraryImport(C, EntryPoint = "capset", SetLastError = true)]
    private static partial int SetCapabilities(uint[] header, uint[] sets);
}
