using System.Runtime.InteropServices;

namespace Vsmtp.Cli.Serving;

/// <summary>Who may read what the server writes.</summary>
internal static partial class FilePermissions
{
    private const uint OthersMask = 0x3F;                      // octal 077

    /// <summary>From now on what this process creates, sockets included, is its user's alone: mails are nobody else's business.</summary>
    public static void OwnerOnly()
    {
        if (!OperatingSystem.IsWindows()) _ = SetMask(OthersMask);
    }

    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial uint SetMask(uint mask);
}
