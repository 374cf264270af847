using System.Globalization;
using System.Runtime.InteropServices;

namespace Vsmtp.Cli;

/// <summary>What .NET itself cannot do with signals.</summary>
internal static partial class UnixSignals
{
    private const int SigHup = 1;
    private const int SigTerm = 15;
    private const string Ignored = "SigIgn:";

    /// <summary>Asks a process to end: sends SIGTERM, upon which servers drain.</summary>
    public static void Terminate(int processId) => _ = Kill(processId, SigTerm);

    /// <summary>
    /// Under nohup SIGHUP comes ignored, and .NET leaves it so. To us it does not mean that the terminal is gone: it wishes a reload.
    /// </summary>
    public static void HearHangUp()
    {
        if (OperatingSystem.IsLinux() && IsIgnored(SigHup)) _ = Handle(SigHup, 0);     // SIG_DFL
    }

    private static bool IsIgnored(int signal)
    {
        var mask = File.ReadLines("/proc/self/status").First(line => line.StartsWith(Ignored, StringComparison.Ordinal))[Ignored.Length..];
        return (ulong.Parse(mask.Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) >> (signal - 1) & 1) != 0;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int processId, int signal);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint Handle(int signal, nint handler);
}
