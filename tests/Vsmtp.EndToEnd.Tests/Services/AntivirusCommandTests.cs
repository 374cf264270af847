using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Services;

/// <summary><c>examples/antivirus-command</c>, with a stand-in for the scanner alone, which finds the EICAR test file.</summary>
public sealed class AntivirusCommandTests
{
    private const string Scanner = """
        #!/bin/sh
        # Called as the example calls clamdscan.
        [ "$*" = "--fdpass --no-summary -- $4" ] || exit 2
        grep -q '^Subject: not scannable' "$4" && exit 2
        grep -q '^Subject: endless' "$4" && kill -9 $$
        if grep -q 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE' "$4"; then echo "$4: Eicar FOUND"; exit 1; fi
        [ -s "$4" ]
        """;

    [Fact]
    public async Task A_clean_mail_is_delivered_and_all_others_are_set_aside()
    {
        using var site = new TestSite { Spool = "var/spool" };
        Copy(site);
        var (_, _, warnings) = await ServerProcess.RunAsync("check", "-c", site.ConfigFile);
        Assert.SkipWhen(warnings.Contains("`write` is built later", StringComparison.Ordinal), "Rules cannot write files yet.");
        Directory.CreateDirectory(Path.Combine(site.Folder, "bin"));
        site.Write("bin/clamdscan", Scanner);
        await DaemonProcess.RunAsync("chmod", "755", Path.Combine(site.Folder, "bin", "clamdscan"));
        await using var server = new ServerProcess(site);
        server.Variables["PATH"] = $"{site.Folder}/bin:{Environment.GetEnvironmentVariable("PATH")}";
        await server.StartAsync();

        var clean = await SendAsync(site, Messages.Clean("clean"));
        var infected = await SendAsync(site, Messages.Clean("infected", Messages.Eicar));
        var broken = await SendAsync(site, Messages.Clean("not scannable"));
        var killed = await SendAsync(site, Messages.Clean("endless"));

        await server.WaitForAsync(clean, "delivered");
        await server.WaitForAsync(infected, "quarantine/virus_q");
        await server.WaitForAsync(broken, "quarantine/not_scanned");
        await server.WaitForAsync(killed, "quarantine/not_scanned");
        Assert.Single(Directory.EnumerateFiles(Path.Combine(site.Folder, "var", "mail", "example.com", "jane", "new")));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(site.Folder, "var", "app", "scan")));
    }

    private static Task<string> SendAsync(TestSite site, string message) =>
        RawSmtp.SendOneAsync(site.ClientPort, message, "john@example.org", "jane@example.com");

    private static void Copy(TestSite site)
    {
        var example = Path.Combine(SourceTree.Root, "examples", "antivirus-command");
        foreach (var name in (string[])["vsmtp.toml", "main.vsl", "service.vsl"])
        {
            var text = File.ReadAllText(Path.Combine(example, name));
            site.Write(name, text.Replace("127.0.0.1:2525", $"127.0.0.1:{site.ClientPort}", StringComparison.Ordinal));
        }
    }
}
