using Vsmtp.EndToEnd.Tests.Killing;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Pressure;

/// <summary>Thousands of mails asleep at a service that brings none back. How late they wake is measured by benchmarks/sleeping.</summary>
public sealed class WakingTests
{
    private const int Mails = 2000;
    private const int Sessions = 8;

    [Fact]
    public async Task Thousands_that_sleep_over_a_restart_all_wake_at_their_deadlines_each_once()
    {
        await using var site = await RunningSite.StartAsync(RunningSite.OneDelegation, "return_deadline: \"20s\",");
        await Task.WhenAll(Enumerable.Range(0, Sessions).Select(_ => SendAsync(site.Site.ClientPort, Mails / Sessions)));
        await Patience.UntilAsync(() => site.Service.Mails.Count >= Mails, "all at the service", () => $"{site.Service.Mails.Count} came");

        await site.Server.StopAsync();
        await site.Server.StartAsync();
        var woken = 0;
        await Patience.UntilAsync(
            async () => (woken = (await site.Server.Api.ListAsync("quarantine/delegation")).Length) == Mails, "all awake", () => $"{woken} are", seconds: 120);

        foreach (var mail in (await site.Server.Api.ListAsync("quarantine/delegation")).Where((_, number) => number % 100 == 0))
        {
            var history = (await site.Server.Api.FindAsync(mail.Id))!.Events.Select(one => one.What).ToList();
            Assert.Single(history, what => what == "absorbed");
            Assert.Single(history, what => what == "quarantined");
        }

        await site.Server.StopAsync();
        var store = StoreSnapshot.Take(Path.Combine(site.Site.Folder, "spool", "vsmtp.db"));
        store.AssertCountersAddUp();
        Assert.Equal(Mails, store.Counters["total/quarantine"]);
    }

    private static async Task SendAsync(int port, int count)
    {
        using var smtp = await RawSmtp.OpenAsync(port);
        for (var number = 0; number < count; number++)
            Assert.StartsWith("250", await smtp.SendMailAsync("john@example.org", ["jane@example.com"], Messages.Clean()));
    }
}
