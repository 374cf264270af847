using Vsmtp.EndToEnd.Tests.Support;
using Vsmtp.EndToEnd.Tests.Tutorial;

namespace Vsmtp.EndToEnd.Tests.Cluster;

/// <summary>The tutorial's own rules, on two silos, a gateway, PostgreSQL and the real clamsmtpd.</summary>
public sealed class ClusterTutorialTests
{
    [Fact]
    public async Task An_infected_mail_is_in_virus_q_and_a_clean_one_is_delivered()
    {
        ClamStack.RequireInstalled();
        var site = new TestSite();
        site.Write("service.vsl", With(site, TutorialText.Service));
        site.Write("main.vsl", TutorialText.Main);
        await using var cluster = await ClusterSite.StartAsync(site);
        await using var clam = new ClamStack(site);
        await using var relay = new ScriptedServer(site.RelayPort);
        await clam.StartAsync();

        var clean = await RawSmtp.SendOneAsync(site.ClientPort, Messages.Clean("clean"));
        var infected = await RawSmtp.SendOneAsync(site.ClientPort, Messages.Clean("infected", Messages.Eicar));

        // Whichever process is asked.
        foreach (var process in cluster.All)
        {
            await process.WaitForAsync(clean, "delivered");
            Assert.Equal("main.vsl:10:9", (await process.WaitForAsync(infected, "quarantine/virus_q")).Source);
        }

        Assert.Equal("clean", Assert.Single(relay.Seen).Header("Subject"));
        var (code, listed, error) = await ServerProcess.RunAsync(
            "quarantine", "list", "virus_q", "-c", site.ConfigFile, "--set", "server.api.socket=spool/silo1.sock");
        Assert.True(code == 0 && listed.Contains(infected, StringComparison.Ordinal), listed + error);
        foreach (var process in cluster.All) Assert.Equal(0, await process.StopAsync());
    }

    private static string With(TestSite site, string text) => text
        .Replace("127.0.0.1:10025", $"127.0.0.1:{site.ReceiverPort}", StringComparison.Ordinal)
        .Replace("127.0.0.1:10026", $"127.0.0.1:{site.ServicePort}", StringComparison.Ordinal);
}
