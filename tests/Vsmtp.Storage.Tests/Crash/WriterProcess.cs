using System.Diagnostics;
using System.Text;

namespace Vsmtp.Storage.Tests.Crash;

/// <summary>Runs a <see cref="MailWriter"/> in a process of its own, until something is killed under it.</summary>
internal static class WriterProcess
{
    /// <param name="where">The writer's store.</param>
    /// <param name="afterLines">When it is enough.</param>
    /// <param name="kill">Kills the process, or that on which it depends; called once.</param>
    /// <returns>All whole lines that it printed before it ended.</returns>
    public static async Task<List<string>> RunUntilAsync(string where, int seed, int afterLines, Action<Process> kill)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Vsmtp.Storage.Tests"))
        {
            ArgumentList = { MailWriter.Verb, where, $"{seed}" },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var child = Process.Start(start)!;
        var errors = child.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var text = new StringBuilder();
        var buffer = new char[256];
        var lines = 0;
        var isKilled = false;
        while (await child.StandardOutput.ReadAsync(buffer, TestContext.Current.CancellationToken) is > 0 and var count)
        {
            text.Append(buffer, 0, count);
            lines += buffer.AsSpan(0, count).Count('\n');
            if (lines < afterLines || isKilled) continue;
            isKilled = true;
            kill(child);
        }

        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(lines >= afterLines, $"The writer ended by itself: {await errors}");
        return [.. text.ToString().Split('\n')[..^1]];
    }
}
