using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Antivirus;

/// <summary>The scanner dies with many mails in flight: it was no mail's fault, and none is set apart for it.</summary>
public sealed class KilledUnderFlowTests
{
    private const int Mails = 40;

    [Fact]
    public async Task Clamd_killed_amid_many_mails_costs_none_of_them()
    {
        await using var site = await AntivirusSite.StartAsync();
        var sending = SendAllAsync(site);
        await Patience.UntilAsync(() => site.Relay.Seen.Count > 2, "mails flow", () => site.Clam.Said);
        await site.Clam.KillClamdAsync();
        var ids = await sending;
        await Patience.UntilAsync(
            async () => (await site.Server.Api.ListAsync("delegated")).Count(mail => mail.Reason.Contains("451", StringComparison.Ordinal)) > 2,
            "mails that wait for clamd", () => site.Clam.Said);
        await site.Clam.StartClamdAsync();

        await AllDeliveredAsync(site, ids);
    }

    [Fact]
    public async Task Clamsmtpd_killed_again_and_again_amid_many_mails_costs_none_of_them()
    {
        await using var site = await AntivirusSite.StartAsync();
        List<Task<string[]>> sending = [];
        for (var kills = 1; kills <= 4; kills++)
        {
            // More for each kill: on a quick machine those before are through by then.
            var seen = site.Relay.Seen.Count;
            sending.Add(SendAllAsync(site, from: sending.Count * Mails));
            await Patience.UntilAsync(() => site.Relay.Seen.Count > seen + 2, $"mails flow before kill {kills}", () => site.Clam.Said);
            await site.Clam.KillClamsmtpdAsync();
            await site.Clam.StartClamsmtpdAsync();
        }

        await AllDeliveredAsync(site, [.. (await Task.WhenAll(sending)).SelectMany(ids => ids)]);
    }

    private static Task<string[]> SendAllAsync(AntivirusSite site, int from = 0) => Task.WhenAll(Enumerable.Range(from, Mails)
        .Select(i => site.SendAsync(Messages.Clean($"mail {i}", string.Concat(Enumerable.Repeat("some text\r\n", 2000))))));

    private static async Task AllDeliveredAsync(AntivirusSite site, string[] ids)
    {
        foreach (var id in ids) await site.Server.WaitForAsync(id, "delivered");
        Assert.Equal(ids.Length, site.Relay.Seen.Select(mail => mail.Header("Subject")).Distinct().Count());
        Assert.Equal(ids.Length, site.Relay.Seen.Count);
    }
}
