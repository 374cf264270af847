using System.Diagnostics;
using System.Text.RegularExpressions;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Documents;

/// <summary>docs/rules.md, "From nothing to the tutorial", as a newcomer follows it: each file is written, each command is run.</summary>
public sealed partial class FirstStepsDocumentTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vsmtp-e2e-first-").FullName;
    private readonly int[] _ports = FreePorts.Take(3);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Every_file_and_command_does_what_the_text_shows()
    {
        DaemonProcess.RequireInstalled("curl", "curl");
        await File.WriteAllTextAsync(Path.Combine(_folder, "vsmtp"), $"#!/bin/sh\nexec '{ServerProcess.Program}' \"$@\"\n", TestContext.Current.CancellationToken);
        await DaemonProcess.RunAsync("chmod", "755", Path.Combine(_folder, "vsmtp"));
        var commands = 0;
        DaemonProcess? server = null;
        try
        {
            foreach (Match block in Block().Matches(Section()))
            {
                var text = WithOwnPorts(block.Groups["text"].Value);
                if (block.Groups["kind"].Value != "console")
                {
                    Write(text);
                    continue;
                }

                foreach (Match command in Command().Matches(text))
                {
                    commands++;
                    var (line, shown) = (command.Groups["line"].Value, command.Groups["shown"].Value);
                    if (line.StartsWith("./vsmtp serve ", StringComparison.Ordinal))
                        server = await ServeAsync(line, shown);
                    else
                        await RunAsync(line, shown);
                }
            }
        }
        finally
        {
            if (server is not null) await server.DisposeAsync();
        }

        Assert.Equal(13, commands);
    }

    /// <summary>The reader's first terminal.</summary>
    private async Task<DaemonProcess> ServeAsync(string line, string shown)
    {
        var server = DaemonProcess.Start("sh", "-c", $"cd '{_folder}' && exec {line}");
        await Patience.UntilAsync(() => IsShown(shown, server.Said), $"{line} prints{Environment.NewLine}{shown}", () => server.Said);
        return server;
    }

    /// <summary>Runs a line of the shell. One that only looks is run until there is something to see: the reader is slower than a test.</summary>
    private async Task RunAsync(string line, string shown)
    {
        var said = "";
        await Patience.UntilAsync(
            async () =>
            {
                said = await ShellAsync(line);
                return IsShown(shown, said) || !line.StartsWith("cat ", StringComparison.Ordinal);
            },
            line, () => said);
        Assert.True(IsShown(shown, said), $"$ {line}{Environment.NewLine}{said}{Environment.NewLine}The text shows:{Environment.NewLine}{shown}");
    }

    private async Task<string> ShellAsync(string line)
    {
        var start = new ProcessStartInfo("sh", ["-c", $"exec 2>&1; {line}"]) { WorkingDirectory = _folder, RedirectStandardOutput = true };
        using var shell = Process.Start(start)!;
        var said = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();
        return said;
    }

    /// <summary>All lines that the text shows are there, in this order; where it shows no gap, there is none.</summary>
    private static bool IsShown(string shown, string said)
    {
        var pattern = string.Concat(shown.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line =>
            line == "…" ? "(?:.*\n)*?" : Regex.Escape(line).Replace("…", ".*", StringComparison.Ordinal) + "\n"));
        return Regex.IsMatch(said.ReplaceLineEndings("\n").TrimEnd('\n') + "\n", $"^{pattern}$", RegexOptions.None, TimeSpan.FromSeconds(10));
    }

    /// <summary>A file whose first line, a comment, is its name.</summary>
    private void Write(string text)
    {
        var path = Path.Combine(_folder, text[..text.IndexOf('\n')].TrimStart('/', '#', ' '));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private string WithOwnPorts(string text) => text
        .Replace("127.0.0.1:2525", $"127.0.0.1:{_ports[0]}", StringComparison.Ordinal)
        .Replace("127.0.0.1:10025", $"127.0.0.1:{_ports[1]}", StringComparison.Ordinal)
        .Replace("127.0.0.1:10026", $"127.0.0.1:{_ports[2]}", StringComparison.Ordinal);

    private static string Section()
    {
        var text = File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "rules.md")).ReplaceLineEndings("\n");
        return text[text.IndexOf("\n## From nothing to the tutorial\n", StringComparison.Ordinal)..text.IndexOf("\n## A rule set\n", StringComparison.Ordinal)];
    }

    [GeneratedRegex("^```(?<kind>[a-z]+)\n(?<text>.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();

    /// <summary>A line behind <c>$ </c> and what stands below it, up to the next one.</summary>
    [GeneratedRegex(@"^\$ (?<line>.*)\n(?<shown>(?:(?!\$ ).*\n)*)", RegexOptions.Multiline)]
    private static partial Regex Command();
}
