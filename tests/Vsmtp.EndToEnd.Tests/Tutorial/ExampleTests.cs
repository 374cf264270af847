using System.Text.RegularExpressions;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Tutorial;

/// <summary><c>examples/clamav</c> as its README has a newcomer run it, but for its ports.</summary>
public sealed class ExampleTests
{
    private const string Delegate = """postq "check email for virus" \(main\.vsl:14:9\)""";
    private const string Rcpt = """rcpt "only our domain" \(main\.vsl:6:9\)""";

    [Fact]
    public async Task A_clean_mail_is_in_the_Maildir_and_an_infected_one_in_virus_q()
    {
        ClamStack.RequireInstalled();
        DaemonProcess.RequireInstalled("swaks", "swaks");
        using var site = new TestSite { Spool = "var/spool" };
        Copy(site);
        site.Write("eicar.com", Messages.Eicar);
        await DaemonProcess.RunAsync("chmod", "755", site.Folder);        // as root, the scanner's users enter
        await using var scanner = DaemonProcess.Start(Path.Combine(site.Folder, "run-scanner"), Path.Combine(site.Folder, "scanner"));
        await Patience.UntilAsync(
            () => scanner.Said.Contains("clamd and clamsmtpd run", StringComparison.Ordinal), "run-scanner is ready", () => scanner.Said);
        await using var server = new ServerProcess(site);
        await server.StartAsync();

        var clean = await SwaksAsync(site, "--header", "Subject: a clean mail", "--body", "All is well.");
        var infected = await SwaksAsync(
            site, "--header", "Subject: an infected mail", "--attach", $"@{Path.Combine(site.Folder, "eicar.com")}");
        await server.WaitForAsync(clean, "delivered");
        await server.WaitForAsync(infected, "quarantine/virus_q");

        var mail = await File.ReadAllTextAsync(Assert.Single(Directory.EnumerateFiles(
            Path.Combine(site.Folder, "var", "mail", "example.com", "jane", "new"))));
        Assert.Contains("\nSubject: a clean mail\n", mail.ReplaceLineEndings("\n"));
        Assert.Contains("\nX-Virus-Scanned: ClamAV using ClamSMTP\n", mail.ReplaceLineEndings("\n"));
        Assert.DoesNotContain("X-VSMTP-DELEGATION", mail, StringComparison.OrdinalIgnoreCase);
        AssertHops(await ShowAsync(site, clean), $"rule +{Rcpt} next", "received +from", "accepted ", $"rule +{Delegate} delegate",
            $"delegated +{Delegate} to clamsmtpd at ", $"returned +{Delegate} by clamsmtpd from ", $"rule +{Delegate} evaluate of clamsmtpd: next",
            """rule +delivery "into the maildir" \(main\.vsl:26:9\)""", "delivered +<jane@example.com>", "ended ");
        AssertHops(await ShowAsync(site, infected), $"rule +{Rcpt} next", "received +from", "accepted ", $"rule +{Delegate} delegate",
            $"delegated +{Delegate} to clamsmtpd at ", $"returned +{Delegate} by clamsmtpd from ", $"rule +{Delegate} evaluate of clamsmtpd: quarantine",
            $"quarantined +{Delegate} in virus_q");
        await AssertRelayRefusedAsync(site);
    }

    [Fact]
    public async Task Nothing_is_said_against_it_but_that_the_machine_lacks_a_user_vsmtp()
    {
        using var site = new TestSite { Spool = "var/spool" };
        Copy(site);

        var (code, output, error) = await ServerProcess.RunAsync("check", "-c", site.ConfigFile);

        Assert.StartsWith("0 errors, ", output);
        Assert.All(error.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Contains("warning: this machine does not have the ", line));
        Assert.Equal(0, code);
    }

    private static void Copy(TestSite site)
    {
        var example = Path.Combine(SourceTree.Root, "examples", "clamav");
        foreach (var file in Directory.EnumerateFiles(example, "*", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(example, file);
            if (name.StartsWith("var", StringComparison.Ordinal)) continue;        // what somebody who ran it in place left
            var copy = Path.Combine(site.Folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
            File.WriteAllText(copy, File.ReadAllText(copy)
                .Replace("127.0.0.1:2525", $"127.0.0.1:{site.ClientPort}", StringComparison.Ordinal)
                .Replace("127.0.0.1:10025", $"127.0.0.1:{site.ReceiverPort}", StringComparison.Ordinal)
                .Replace("127.0.0.1:10026", $"127.0.0.1:{site.ServicePort}", StringComparison.Ordinal));
        }
    }

    /// <returns>The id that the server's 250 gave.</returns>
    private static async Task<string> SwaksAsync(TestSite site, params string[] arguments)
    {
        var said = await DaemonProcess.RunAsync(
            "swaks", ["--server", $"127.0.0.1:{site.ClientPort}", "--from", "john@example.org", "--to", "jane@example.com", .. arguments]);
        return Regex.Match(said, @"queued as (m-\S+)").Groups[1].Value;
    }

    private static async Task<string> ShowAsync(TestSite site, string id)
    {
        var (code, output, error) = await ServerProcess.RunAsync("queue", "show", id, "-c", site.ConfigFile);
        Assert.True(code == 0, error);
        return output;
    }

    /// <summary>One line each, in this order, with its time in front.</summary>
    private static void AssertHops(string shown, params string[] hops)
    {
        var lines = shown.Split('\n').Where(line => Regex.IsMatch(line, @"^  \d\d:\d\d:\d\d\.\d{3}  ")).Select(line => line[16..]).ToArray();
        Assert.True(hops.Length == lines.Length, shown);
        Assert.All(hops.Zip(lines), pair => Assert.Matches($"^{pair.First}", pair.Second));
    }

    private static async Task AssertRelayRefusedAsync(TestSite site)
    {
        using var smtp = await RawSmtp.OpenAsync(site.ClientPort);
        Assert.StartsWith("554 5.7.1 ", await smtp.SendMailAsync("john@example.org", ["joe@example.net"], Messages.Clean()));
    }
}
