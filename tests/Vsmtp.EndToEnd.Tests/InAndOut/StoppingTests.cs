using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.InAndOut;

/// <summary>SIGTERM drains, and the next start goes on where the last one stopped.</summary>
public sealed class StoppingTests
{
    [Fact]
    public async Task A_delivery_under_way_ends_before_the_server_does()
    {
        await using var site = await RunningSite.StartAsync("#{}");
        var hasCome = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var mayAnswer = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        site.Relay.OnMail = _ =>
        {
            hasCome.TrySetResult();
            return mayAnswer.Task;
        };
        var id = await site.SendAsync(Messages.Clean("last"));
        await hasCome.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        var stopping = site.Server.StopAsync();
        await Patience.UntilAsync(() => RefusesClientsAsync(site.Site.ClientPort), "no new clients while it drains");
        mayAnswer.SetResult("250 2.0.0 Taken");
        Assert.Equal(0, await stopping);

        await site.Server.StartAsync();
        await site.DeliveredAsync(id, "last");
        Assert.Single(site.Relay.Seen);
    }

    [Fact]
    public async Task A_mail_that_waits_for_the_relay_host_goes_on_after_a_restart()
    {
        await using var site = await RunningSite.StartAsync("#{}");
        await site.StopRelayAsync();
        var id = await site.SendAsync(Messages.Clean("later"));
        await site.Server.WaitForAsync(id, "deferred");
        Assert.Equal(0, await site.Server.StopAsync());

        site.StartRelay();
        await site.Server.StartAsync();
        await site.DeliveredAsync(id, "later");
    }

    [Fact]
    public async Task A_mail_that_sleeps_with_a_service_wakes_when_it_comes_back_after_a_restart()
    {
        await using var site = await RunningSite.StartAsync(RunningSite.OneDelegation, "proof: [\"X-Scanned\", \"X-Found\"],");
        var id = await site.SendAsync(Messages.Clean("asleep"));
        await Patience.UntilAsync(async () => (await site.Server.Api.FindAsync(id))!.Events.Any(e => e.What == "sent"), "the service has it");
        Assert.Equal(0, await site.Server.StopAsync());

        await site.Server.StartAsync();
        Assert.StartsWith("250", await site.Returning.ReturnAsync(Assert.Single(site.Service.Mails)));
        var mail = await site.DeliveredAsync(id, "asleep");
        Assert.Equal("clean", mail.Header("X-Scanned"));
        Assert.Single(site.Service.Seen);
    }

    private static async Task<bool> RefusesClientsAsync(int port)
    {
        try
        {
            var (client, greeting) = await RawSmtp.ConnectAsync(port);
            client.Dispose();
            return !greeting.StartsWith("220", StringComparison.Ordinal);
        }
        catch (Exception refused) when (refused is System.Net.Sockets.SocketException or IOException)
        {
            return true;
        }
    }
}
