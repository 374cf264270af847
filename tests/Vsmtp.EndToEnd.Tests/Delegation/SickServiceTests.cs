using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Delegation;

/// <summary>A service that fails with whatever it is given: it is left alone, and the mails go on by themselves when it is back.</summary>
public sealed class SickServiceTests
{
    private const string Keys = """retry: #{ first: "200ms", max: "500ms", give_up: "1h" },""";

    [Fact]
    public async Task A_service_that_is_down_is_asked_now_and_then_and_not_by_each_mail()
    {
        await using var site = await RunningSite.StartAsync(RunningSite.OneDelegation, Keys);
        var asked = 0;
        site.Service.OnCommand = command =>
        {
            if (command.StartsWith("MAIL", StringComparison.Ordinal)) Interlocked.Increment(ref asked);
            return "421 4.3.2 not now";
        };
        var ids = new List<string>();
        for (var i = 0; i < 100; i++) ids.Add(await site.SendAsync(Messages.Clean($"mail {i}")));
        foreach (var id in ids)
        {
            await Patience.UntilAsync(
                async () => (await site.Server.Api.FindAsync(id))!.Mail is { Queue: "delegated", Reason: var reason } && reason.Contains("clamsmtpd is down since", StringComparison.Ordinal),
                $"{id} knows that the service is down");
        }

        Assert.InRange(asked, 5, 60);
        var (_, listed, _) = await site.RunAsync("queue", "list", "delegated");
        Assert.Contains("421 4.3.2 not now", listed);
        await LoggedAsync(site, "WRN", "failed too often in a row");

        site.Service.OnCommand = _ => "250 2.0.0 Ok";
        site.Service.OnMail = async mail => await site.Returning.ReturnAsync(mail);
        foreach (var id in ids) await site.Server.WaitForAsync(id, "delivered");
        Assert.Equal(100, site.Relay.Mails.Count);
        await LoggedAsync(site, "INF", "answers again");
    }

    [Fact]
    public async Task A_service_that_stays_down_does_not_keep_a_mail_longer_than_the_patience_that_it_is_given()
    {
        await using var site = await RunningSite.StartAsync(
            RunningSite.OneDelegation, """retry: #{ first: "100ms", max: "100ms", give_up: "4s" },""");
        await site.StopServiceAsync();
        var ids = new List<string>();
        for (var i = 0; i < 20; i++) ids.Add(await site.SendAsync(Messages.Clean($"mail {i}")));
        foreach (var id in ids)
        {
            var mail = await site.Server.WaitForAsync(id, "quarantine/delegation");
            Assert.StartsWith("failed", mail.Mail.Reason);
            Assert.Contains("unreachable", mail.Mail.Reason);
        }
    }

    [Fact]
    public async Task A_service_that_dies_again_and_again_amid_many_mails_costs_none_of_them()
    {
        await using var site = await RunningSite.StartAsync(RunningSite.OneDelegation, Keys);
        void Work() => site.Service.OnMail = async mail =>
        {
            await Task.Delay(20);
            return await site.Returning.ReturnAsync(mail);
        };

        Work();
        var sending = Task.WhenAll(Enumerable.Range(0, 80).Select(i => site.SendAsync(Messages.Clean($"mail {i}"))));
        for (var deaths = 1; deaths <= 4; deaths++)
        {
            var seen = site.Relay.Mails.Count;
            await Patience.UntilAsync(() => site.Relay.Mails.Count > seen + 4, $"mails flow before death {deaths}");
            await site.StopServiceAsync();
            site.StartService();
            Work();
        }

        foreach (var id in await sending) await site.Server.WaitForAsync(id, "delivered");
        Assert.Equal(80, site.Relay.Mails.Count);
    }

    [Fact]
    public async Task Mails_that_wait_for_their_turn_pass_oldest_first()
    {
        await using var site = await RunningSite.StartAsync(
            RunningSite.OneDelegation, """retry: #{ first: "200ms", max: "200ms", give_up: "1h" }, max_in_flight: 1,""");
        site.Service.OnCommand = _ => "421 4.3.2 not now";
        var ids = new List<string>();
        for (var i = 0; i < 30; i++) ids.Add(await site.SendAsync(Messages.Clean($"mail {i}")));
        foreach (var id in ids)
        {
            await Patience.UntilAsync(
                async () => (await site.Server.Api.FindAsync(id))!.Mail.Reason.Contains("is down since", StringComparison.Ordinal), $"{id} waits");
        }

        site.Service.OnCommand = _ => "250 2.0.0 Ok";
        site.Service.OnMail = async mail => await site.Returning.ReturnAsync(mail);
        foreach (var id in ids) await site.Server.WaitForAsync(id, "delivered");

        // Some may be asked out of turn: as probes, and where calls that went out together came in another order.
        var order = site.Service.Mails.Select(mail => int.Parse(mail.Header("Subject")!.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.InRange(order.Select((number, i) => Math.Abs(number - i)).Average(), 0, 6);
    }

    private static Task LoggedAsync(RunningSite site, string level, string text) => Patience.UntilAsync(
        () => Directory.EnumerateFiles(Path.Combine(site.Site.Folder, "log"), "vsmtp*.log").SelectMany(file => SharedFile.ReadAllText(file).Split('\n'))
            .Any(line => line.Contains(level, StringComparison.OrdinalIgnoreCase) && line.Contains(text, StringComparison.Ordinal)),
        $"the log says: {text}");
}
