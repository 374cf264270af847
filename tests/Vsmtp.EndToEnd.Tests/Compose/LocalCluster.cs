using System.Diagnostics;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Compose;

/// <summary>eng/cluster-local, which runs the commands of docker-compose.yml as processes.</summary>
internal static class LocalCluster
{
    private const int SigTerm = 15;
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(5);

    /// <summary>Skips the test where it cannot run, and fails it where it must: in continuous integration.</summary>
    public static async Task CheckAsync(string profile)
    {
        ClamStack.RequireInstalled();
        DaemonProcess.RequireInstalled("haproxy", "haproxy");
        Assert.SkipUnless(Environment.IsPrivilegedProcess || Environment.GetEnvironmentVariable("CI") == "true", "eng/cluster-local needs root.");
        var start = new ProcessStartInfo(Path.Combine(SourceTree.Root, "eng", "cluster-local"), ["--profile", profile, "--check"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var timeout = new CancellationTokenSource(Timeout);
        // Told to end, it ends all that it has started.
        await using (timeout.Token.Register(() => _ = NativeSignals.Kill(process.Id, SigTerm))) await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, await output + await error);
        Assert.Contains("is in quarantine/virus_q", await output, StringComparison.Ordinal);
    }
}
