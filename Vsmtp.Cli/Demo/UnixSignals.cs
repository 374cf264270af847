using System.Runtime.InteropServices;

namespace Vsmtp.Cli.Demo;

/// <summary>Asks a process to end.</summary>
internal static partial class UnixSignals
{
    private const int SigTerm = 15;

    /// <summary>Sends SIGTERM, upon which servers drain; .NET itself can only kill.</summary>
    public static void Terminate(int processId) => _ = Kill(processId, SigTerm);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int processId, int signal);
}
