using System.Text.RegularExpressions;
using Vsmtp.Cli.Logging;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Wire;

/// <summary>What a client says may be in the log, but never as a line of its own, nor as an order to a terminal.</summary>
public sealed partial class LogTests
{
    private const string Forged = "2026-11-26T00:00:00.000Z info: forged";

    [Fact]
    public async Task Nothing_that_a_client_says_makes_a_line_of_the_log_or_moves_a_cursor()
    {
        await using var site = new RunningSite("""
            #{
                helo: [ action "helo" || log("info", `helo ${helo()}`) ],
                mail: [ action "mail" || log("info", `from ${mail_from()}`) ],
                postq: [ action "postq" || log("info", `subject ${get_header("Subject")}`) ],
            }
            """);
        site.Server.Settings.Add("server.logs.level=[\"trace\"]");
        await site.InitializeAsync();
        string[] odd = ["\x1B[2J", "\n" + Forged, "\r" + Forged, "\u2028" + Forged, "\x85" + Forged, "\0", "\x7F", "\u202E"];
        foreach (var said in odd.Select(Messages.Utf8))
        {
            string[] lines =
            [
                $"EHLO a{said}.example", $"MAIL FROM:<a{said}@b.example>", $"MAIL FROM:<\"a{said}\"@b.example> SMTPUTF8", $"BLURD{said}", $"VRFY {said}",
            ];
            foreach (var line in lines)
            {
                using var smtp = await RawSmtp.OpenAsync(site.Site.ClientPort);
                await smtp.SendAsync(line + "\r\nQUIT\r\n");
                Assert.DoesNotContain((await smtp.ReadToEndAsync()).Replace("\r\n", "", StringComparison.Ordinal), c => c is < ' ' or > '~');
            }
        }

        // A relay host that has much to say is no friend either.
        site.Relay.OnMail = _ => Task.FromResult<string?>($"450-4.0.0 not now\r\n450-4.0.0 {Forged}\x1B[2J\r\n450 4.0.0 \r{Forged}");
        var refused = await site.SendAsync(Messages.Clean("refused"));
        await site.Server.WaitForAsync(refused, "deferred");
        site.Relay.Answer("250 2.0.0 Taken");

        // All that may stand in a header field, a new line by way of a fold and an encoded word among them.
        var id = await site.SendAsync(Messages.Clean($"\x1B[2J\x07\x7F{Messages.Utf8("\u2028\x85\u202E")} =?utf-8?q?=0A{Forged}?=\r\n {Forged}"));
        await site.Server.WaitForAsync(id, "delivered");
        await site.Server.StopAsync();

        var log = string.Concat(Directory.GetFiles(Path.Combine(site.Site.Folder, "log")).Select(File.ReadAllText));
        Assert.Contains("subject ", log, StringComparison.Ordinal);
        var written = log.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(written, line => Assert.Matches(Stamp(), line));
        Assert.DoesNotContain(written, line => line.StartsWith(Forged, StringComparison.Ordinal));
        Assert.Contains(written, line => line.Contains(Forged, StringComparison.Ordinal));
        Assert.DoesNotContain(log.Replace("\n", "", StringComparison.Ordinal), c => char.IsControl(c) || c is '\u2028' or '\u2029' or '\u202E');
    }

    [Theory]
    [InlineData("all is well\\ here", "all is well\\ here")]
    [InlineData("jöhn, 是, 😀", "jöhn, 是, 😀")]
    [InlineData("a\r\nb\nc\rd\u0085e\u2028f", "a\\nb\\nc\\nd\\ne\\nf")]
    [InlineData("\x1B[2J\t\0\u202E\u009B", "\\u{1B}[2J\t\\u{0}\\u{202E}\\u{9B}")]
    public void What_steers_is_written_out(string text, string plain) => Assert.Equal(plain, PlainLines.Plain(text));

    [GeneratedRegex(@"^(\d{4}-\d\d-\d\dT| )")]
    private static partial Regex Stamp();
}
