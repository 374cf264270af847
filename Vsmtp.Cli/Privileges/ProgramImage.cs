using System.Collections;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Vsmtp.Cli.Privileges;

/// <summary>This program as the kernel sees it: to be started once more, or to take this process's place.</summary>
internal static partial class ProgramImage
{
    /// <summary>The file: our own, or the <c>dotnet</c> that runs ours.</summary>
    public static string File { get; } = Environment.ProcessPath!;

    private static string[] CommandLine { get; } =
        Encoding.UTF8.GetString(System.IO.File.ReadAllBytes("/proc/self/cmdline")).TrimEnd('\0').Split('\0');

    /// <summary>Starts the program as whom the calling thread is.</summary>
    /// <param name="environment">All of it.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">It cannot be started.</exception>
    public static Process Start(IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        // Behind the host's own words: those that are not in front of ours.
        var own = Environment.GetCommandLineArgs().Length - 1;
        var start = new ProcessStartInfo(File, [.. CommandLine[1..^own], .. arguments]);
        start.Environment.Clear();
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Runs the same command line anew in this process, as whom the calling thread is; returns only when that fails.</summary>
    /// <param name="changes">Of the environment; null takes a variable away.</param>
    /// <returns>Why.</returns>
    public static string Replace(IReadOnlyDictionary<string, string?> changes)
    {
        var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Where(entry => !changes.ContainsKey((string)entry.Key))
            .Select(entry => $"{entry.Key}={entry.Value}")
            .Concat(changes.Where(change => change.Value is not null).Select(change => $"{change.Key}={change.Value}"));
        _ = Execute(File, [.. CommandLine, null], [.. environment, null]);
        return Marshal.GetLastPInvokeErrorMessage();
    }

    /// <summary>The runtime's, for debuggers: named by this process's number, they would be in the way of the next program.</summary>
    public static void RemoveDiagnosticSockets()
    {
        foreach (var pattern in (string[])[$"dotnet-diagnostic-{Environment.ProcessId}-*", $"clr-debug-pipe-{Environment.ProcessId}-*"])
        {
            foreach (var left in Directory.EnumerateFiles(Path.GetTempPath(), pattern)) System.IO.File.Delete(left);
        }
    }

    [LibraryImport("libc", EntryPoint = "execve", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Execute(string path, string?[] arguments, string?[] environment);
}
