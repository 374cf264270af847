using System.Runtime.Versioning;

namespace Vsmtp.EndToEnd.Tests.Support;

/// <summary>
/// Where the program is that tests run. A checkout that root alone can reach, below /root say, is no place for a server that gives up being
/// root: then it is a copy, which goes with the tests.
/// </summary>
internal static class ProgramFolder
{
    private static readonly Lazy<string> Found = new(Find);

    public static string Path => Found.Value;

    private static string Find()
    {
        var built = AppContext.BaseDirectory;
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess || IsOpen(new DirectoryInfo(built))) return built;
        var copy = Directory.CreateTempSubdirectory("vsmtp-e2e-program-");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => copy.Delete(recursive: true);
        Copy(new DirectoryInfo(built), copy);
        return copy.FullName;
    }

    private static bool IsOpen(DirectoryInfo? folder) =>
        folder is null || (folder.UnixFileMode.HasFlag(UnixFileMode.OtherExecute) && IsOpen(folder.Parent));

    [SupportedOSPlatform("linux")]
    private static void Copy(DirectoryInfo from, DirectoryInfo to)
    {
        to.UnixFileMode |= UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        foreach (var file in from.EnumerateFiles()) file.CopyTo(System.IO.Path.Combine(to.FullName, file.Name));
        foreach (var folder in from.EnumerateDirectories()) Copy(folder, to.CreateSubdirectory(folder.Name));
    }
}
