using System.Runtime.InteropServices;

namespace Vsmtp.EndToEnd.Tests.Support;

internal static partial class NativeSignals
{
    [LibraryImport("libc", EntryPoint = "kill")]
    public static partial int Kill(int processId, int signal);
}
