using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Delegation;

/// <summary>The rules give a service another address while mails are asleep for it.</summary>
public sealed class MovedServiceTests
{
    private const string Keys = """retry: #{ first: "500ms", max: "1s", give_up: "1h" },""";

    [Fact]
    public async Task Mails_asleep_go_to_the_new_address_and_returns_from_the_old_one_still_resume()
    {
        await using var site = await RunningSite.StartAsync(RunningSite.OneDelegation, Keys);
        var never = new TaskCompletionSource<string?>();
        site.Service.OnMail = mail => mail.Header("Subject") switch
        {
            "sending" => never.Task,
            "retrying" => Task.FromResult<string?>("451 4.3.0 later"),
            _ => Task.FromResult<string?>("250 2.0.0 Queued"),
        };
        var awaiting = await site.SendAsync(Messages.Clean("awaiting"));
        var retrying = await site.SendAsync(Messages.Clean("retrying"));
        var sending = await site.SendAsync(Messages.Clean("sending"));
        await Patience.UntilAsync(
            async () => (await site.Server.Api.FindAsync(awaiting))!.Events.Any(e => e.What == "sent")
                && (await site.Server.Api.FindAsync(retrying))!.Events.Any(e => e.What == "retry")
                && site.Service.Seen.Any(mail => mail.Header("Subject") == "sending"),
            "one mail in each step");

        await site.Server.KillAsync();
        never.SetResult(null);
        using var ports = new TestSite();
        await using var elsewhere = new ScriptedServer(ports.ServicePort);
        elsewhere.OnMail = async mail => await site.Returning.ReturnAsync(mail);
        Move(site.Site, ports.ServicePort);
        await site.Server.StartAsync();
        var before = site.Service.Seen.Count;

        await site.DeliveredAsync(sending, "sending");
        await site.DeliveredAsync(retrying, "retrying");
        Assert.Equal(["retrying", "sending"], elsewhere.Mails.Select(mail => mail.Header("Subject")).Order());
        Assert.Equal(before, site.Service.Seen.Count);

        Assert.Equal("delegated", (await site.Server.Api.FindAsync(awaiting))!.Mail.Queue);
        Assert.StartsWith("250", await site.Returning.ReturnAsync(Assert.Single(site.Service.Mails)));
        await site.DeliveredAsync(awaiting, "awaiting");
    }

    [Fact]
    public async Task Mails_that_wait_for_a_service_that_is_down_go_to_its_new_address()
    {
        await using var site = await RunningSite.StartAsync(RunningSite.OneDelegation, Keys);
        await site.StopServiceAsync();
        var ids = new List<string>();
        for (var i = 0; i < 20; i++) ids.Add(await site.SendAsync(Messages.Clean($"mail {i}")));
        await Patience.UntilAsync(
            async () => (await site.Server.Api.ListAsync("delegated")).Count(mail => mail.Reason.Contains("is down since", StringComparison.Ordinal)) > 10,
            "mails that wait");

        Assert.Equal(0, await site.Server.StopAsync());
        using var ports = new TestSite();
        await using var elsewhere = new ScriptedServer(ports.ServicePort);
        elsewhere.OnMail = async mail => await site.Returning.ReturnAsync(mail);
        Move(site.Site, ports.ServicePort);
        await site.Server.StartAsync();

        foreach (var id in ids) await site.Server.WaitForAsync(id, "delivered");
        Assert.Equal(20, elsewhere.Mails.Count);
    }

    private static void Move(TestSite site, int port)
    {
        var file = Path.Combine(site.Folder, "service.vsl");
        File.WriteAllText(file, File.ReadAllText(file).Replace($"127.0.0.1:{site.ServicePort}", $"127.0.0.1:{port}", StringComparison.Ordinal));
    }
}
