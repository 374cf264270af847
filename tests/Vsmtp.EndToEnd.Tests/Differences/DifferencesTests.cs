using System.Diagnostics;
using System.Text.Json;
using Vsmtp.EndToEnd.Tests.InAndOut;
using Vsmtp.EndToEnd.Tests.Support;
using Vsmtp.Smtp.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Differences;

/// <summary>The same dialogues to us, to a Postfix and to an Exim of our own: where they differ, the document says so and why.</summary>
public sealed class DifferencesTests(PlainSite site) : IClassFixture<PlainSite>
{
    private const string Postfix = "3.7";
    private const string Exim = "4.96";
    private const int Skipped = 77;
    private static readonly string Document = Path.Combine(SourceTree.Root, "docs", "design", "022-differences.md");
    private static readonly string Scripts = Path.Combine(SourceTree.Root, "tests", "Vsmtp.EndToEnd.Tests", "Differences");

    [Fact]
    public async Task Where_servers_differ_the_document_says_so()
    {
        DaemonProcess.RequireInstalled("python3", "python3");
        var folder = Directory.CreateTempSubdirectory("vsmtp-differences-").FullName;
        try
        {
            var ours = await PlayAsync(Path.Combine(Scripts, "play-dialogues"), "127.0.0.1", $"{site.Site.ClientPort}");
            var postfix = await PlayAsync(Path.Combine(Scripts, "private-server"), "postfix", folder);
            var exim = await PlayAsync(Path.Combine(Scripts, "private-server"), "exim", folder);
            RequireVersion("Postfix", Postfix, (await DaemonProcess.RunAsync("/usr/sbin/postconf", "-dh", "mail_version")).Trim());
            RequireVersion("Exim", Exim, Path.GetFileName(Directory.GetFiles(folder, "exim4-daemon-light_*.deb")[0]).Split('_')[1]);

            var actual = string.Join('\n', Dialogue.All.Select((dialogue, i) => $"| {dialogue} | {ours[i]} | {postfix[i]} | {exim[i]} |")
                .Where((_, i) => ours[i] != postfix[i] || ours[i] != exim[i]));
            // The last cell says why, which no machine can check but for its being there.
            var rows = File.ReadLines(Document).Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1).ToList();
            Assert.All(rows, row => Assert.True(row.TrimEnd('|', ' ').Split(" | ")[^1].Length > 10, row));
            var written = string.Join('\n', rows.Select(row => row[..(row.TrimEnd('|', ' ').LastIndexOf(" | ", StringComparison.Ordinal) + 2)]));
            Assert.True(actual == written, actual);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Another version may well answer otherwise.</summary>
    private static void RequireVersion(string server, string documented, string present)
    {
        if (!present.StartsWith(documented + ".", StringComparison.Ordinal) && !present.StartsWith(documented + "-", StringComparison.Ordinal))
            Assert.Skip($"the document is of {server} {documented}, and here is {present}");
    }

    private static async Task<string[]> PlayAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.StandardInput.WriteAsync(JsonSerializer.Serialize(Dialogue.All.Select(dialogue => dialogue.Steps)));
        process.StandardInput.Close();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(3));
        if (process.ExitCode == Skipped) Assert.Skip($"{Path.GetFileName(program)} {string.Join(' ', arguments)}: {await error}");
        Assert.True(process.ExitCode == 0, $"{program}: {await error}");
        return JsonSerializer.Deserialize<string[]>(await output)!;
    }
}
