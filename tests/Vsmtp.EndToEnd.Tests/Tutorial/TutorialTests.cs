using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Tutorial;

/// <summary>The tutorial's own three files do what the tutorial says.</summary>
public sealed class TutorialTests
{
    [Fact]
    public async Task Its_files_are_checked_without_an_error()
    {
        using var site = WriteSite(text => text);

        var (code, output, error) = await ServerProcess.RunAsync(
            "check", "-c", site.ConfigFile, "--set", "app.vsl.filepath=main.vsl", "--set", $"server.delivery.relayhost=127.0.0.1:{site.RelayPort}");

        Assert.True(code == 0, error);
        Assert.StartsWith("0 errors, ", output);
        Assert.Contains("service.vsl:2:1: warning: service `clamsmtpd` has no `proof`", error);
    }

    [Fact]
    public async Task An_infected_mail_is_in_virus_q_and_a_clean_one_is_delivered()
    {
        ClamStack.RequireInstalled();
        using var ports = await TutorialPorts.TakeAsync();
        using var site = WriteSite(ports.In);
        await using var clam = new ClamStack(ports.Scanner, ports.Receiver);
        await using var relay = new ScriptedServer(site.RelayPort);
        await using var server = new ServerProcess(site, [.. Settings(site, ports)]);
        await clam.StartAsync();
        await server.StartAsync();

        var clean = await RawSmtp.SendOneAsync(site.ClientPort, Messages.Clean("clean"));
        var infected = await RawSmtp.SendOneAsync(site.ClientPort, Messages.Clean("infected", Messages.Eicar));
        await server.WaitForAsync(clean, "delivered");
        var quarantined = await server.WaitForAsync(infected, "quarantine/virus_q");

        Assert.Equal("clean", Assert.Single(relay.Seen).Header("Subject"));
        Assert.Equal("main.vsl:10:9", quarantined.Source);
        Assert.Equal(0, await server.StopAsync());             // which writes out the logs
        var log = string.Concat(Directory.EnumerateFiles(Path.Combine(site.Folder, "log"), "app*.log").Select(File.ReadAllText));
        var analyzed = log.Split('\n').Where(line => line.Contains("email analyzed.", StringComparison.Ordinal)).ToArray();
        Assert.Equal(2, analyzed.Length);
        Assert.All(analyzed, line => Assert.Contains(" DEBUG ", line));
        Assert.All([clean, infected], id => Assert.Single(analyzed, line => line.Contains(id, StringComparison.Ordinal)));
    }

    private static TestSite WriteSite(Func<string, string> with)
    {
        var site = new TestSite();
        site.Write("vsmtp.toml", with(TutorialText.Toml));
        site.Write("service.vsl", with(TutorialText.Service));
        site.Write("main.vsl", with(TutorialText.Main));
        return site;
    }

    /// <summary>What the tutorial's own configuration leaves to defaults that a test must not use: its folders, its MX, an address of somebody else's network.</summary>
    private static IEnumerable<string> Settings(TestSite site, TutorialPorts ports)
    {
        string[] settings =
        [
            $"server.interfaces.addr=[\"127.0.0.1:{site.ClientPort}\", \"127.0.0.1:{ports.Receiver}\"]",
            "app.vsl.filepath=main.vsl",
            $"server.delivery.relayhost=127.0.0.1:{site.RelayPort}",
            "server.queues.dirpath=spool",
            "server.logs.filepath=log/vsmtp.log",
            "app.dirpath=app",
            "app.logs.filepath=log/app.log",
        ];
        return settings.SelectMany(setting => new[] { "--set", setting });
    }
}
