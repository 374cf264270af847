using System.Diagnostics;
using System.Text.RegularExpressions;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Tutorial;

/// <summary><c>vsmtp demo --once</c>, from its first line to what it leaves behind: nothing.</summary>
public sealed class DemoTests
{
    [Fact]
    public async Task It_runs_the_tutorial_with_clamd_and_clamsmtpd()
    {
        ClamStack.RequireInstalled();
        Assert.StartsWith("scanner: clamd and clamsmtpd, ", await RunAsync("demo", "--once"));
    }

    [Fact]
    public async Task It_runs_the_tutorial_with_the_stand_in_where_that_is_wanted() =>
        Assert.StartsWith("scanner: a small stand-in filter, as asked for", await RunAsync("demo", "--once", "--stand-in"));

    private static async Task<string> RunAsync(params string[] arguments)
    {
        // clamd and clamsmtpd enter as users of their own.
        var folder = Directory.CreateTempSubdirectory("vsmtp-e2e-demo-").FullName;
        await DaemonProcess.RunAsync("chmod", "755", folder);
        var start = new ProcessStartInfo(ServerProcess.Program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["TMPDIR"] = folder },
        };
        using var demo = Process.Start(start)!;
        var output = demo.StandardOutput.ReadToEndAsync();
        var error = demo.StandardError.ReadToEndAsync();
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        await demo.WaitForExitAsync(timeout.Token);

        Assert.True(demo.ExitCode == 0, $"{await output}{await error}");
        AssertTimelines(await output);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
        Assert.Empty(ProcessesThatName(folder));
        Directory.Delete(folder);
        return await output;
    }

    private static void AssertTimelines(string output)
    {
        var parts = Regex.Split(output, "^The (?:clean|infected) mail:$", RegexOptions.Multiline);
        Assert.Equal(3, parts.Length);
        Assert.Matches(@"(?s)in delivered since .* delegated .* returned .* rule +postq ""check email for virus"" \(main\.vsl:\d+:\d+\) evaluate of clamsmtpd: next.* delivered ", parts[1]);
        Assert.Matches(@"(?s)in quarantine/virus_q since .* delegated .* returned .* quarantined ", parts[2]);
        Assert.EndsWith("the infected one waits in the quarantine virus_q.", output.TrimEnd());
    }

    /// <summary>The demo gives each of its processes a file below the folder.</summary>
    private static IEnumerable<string> ProcessesThatName(string folder) =>
        Directory.EnumerateDirectories("/proc").Where(process => int.TryParse(Path.GetFileName(process), out _)).Select(CommandLine)
            .Where(line => line.Contains(folder, StringComparison.Ordinal));

    private static string CommandLine(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline"));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
