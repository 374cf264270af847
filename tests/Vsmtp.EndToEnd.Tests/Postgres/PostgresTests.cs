using Vsmtp.EndToEnd.Tests.Support;
using Vsmtp.Storage.Tests.Postgres;

namespace Vsmtp.EndToEnd.Tests.Postgres;

/// <summary>The whole program with its mails in PostgreSQL.</summary>
public sealed class PostgresTests
{
    [Fact]
    public async Task A_mail_that_sleeps_at_a_service_goes_on_after_kill_9_of_the_server()
    {
        await using var site = await PostgresSite.StartAsync();
        var (clean, virus) = await DelegateTwoAsync(site.Site);

        await site.Site.Server.KillAsync();
        await site.Site.Server.StartAsync();

        await ReturnTwoAsync(site.Site, clean, virus);
        Assert.False(File.Exists(Path.Combine(site.Site.Site.Folder, "spool", "vsmtp.db")));
    }

    [Fact]
    public async Task A_second_server_on_the_same_store_is_refused()
    {
        await using var site = await PostgresSite.StartAsync();
        using var other = new TestSite(extraToml: PostgresSite.Toml(site.Url));

        var (code, output, error) = await ServerProcess.RunAsync("serve", "-c", other.ConfigFile);

        Assert.Equal(1, code);
        Assert.Contains($"is in use by vsmtp {Environment.MachineName}:{site.Site.Server.Id}", error, StringComparison.Ordinal);
        Assert.DoesNotContain(Uri.EscapeDataString(PostgresServer.Password), output + error, StringComparison.Ordinal);
    }

    private static async Task<(string Clean, string Virus)> DelegateTwoAsync(RunningSite site)
    {
        var clean = await site.SendAsync(Messages.Clean("clean"));
        var virus = await site.SendAsync(Messages.Clean("virus"));
        await Patience.UntilAsync(() => site.Service.Mails.Count == 2, "both at the service");
        foreach (var id in new[] { clean, virus }) await site.Server.WaitForAsync(id, "delegated");
        Assert.Empty(site.Relay.Seen);
        return (clean, virus);
    }

    private static async Task ReturnTwoAsync(RunningSite site, string clean, string virus)
    {
        foreach (var mail in site.Service.Mails.Take(2))
        {
            var found = mail.Header("Subject") == "virus" ? Messages.WithHeader(mail.Text, "X-Virus-Infected", "EICAR") : mail.Text;
            Assert.StartsWith("250", await site.Returning.ReturnAsync(mail, found));
        }

        await site.DeliveredAsync(clean, "clean");
        await site.Server.WaitForAsync(virus, "quarantine/virus_q");
        Assert.Single(site.Relay.Mails);
    }
}
