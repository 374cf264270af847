using Vsmtp.EndToEnd.Tests.Killing;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.PreQueue;

/// <summary>Client or server end in the wait: what was not confirmed is never delivered.</summary>
public sealed class LostWaitTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_that_goes_away_takes_its_mail_with_it(bool isPipelining)
    {
        await using var site = await RunningSite.StartAsync(PreQueueRules.Text, PreQueueRules.Service("4m", "accept"));
        using var client = await WaitingClient.SendAsync(site, "left alone");
        if (isPipelining) await client.Smtp.SendAsync("NOOP\r\nQUIT\r\n");
        client.Smtp.Dispose();
        await site.Server.WaitForAsync(client.Id, "withdrawn");

        Assert.StartsWith("250", await site.Returning.ReturnAsync(Assert.Single(site.Service.Mails)));
        Assert.Contains((await site.Server.WaitForAsync(client.Id, "withdrawn")).Events, e => e.What == "discarded");
        Assert.Empty(site.Relay.Seen);
    }

    [Fact]
    public async Task A_client_that_goes_away_while_a_rule_waits_comes_again_and_has_not_been_accepted()
    {
        await using var site = await RunningSite.StartAsync("#{ preq: [ rule \"slow\" || { sleep(3); next() } ] }", "");
        (await WaitingClient.OpenAsync(site, "gone")).Dispose();
        using var again = await WaitingClient.OpenAsync(site, "again");
        Assert.StartsWith("250", await again.ReadReplyAsync());      // the first one's rule would have been done before

        Assert.Equal(0, await site.Server.StopAsync());
        var left = StoreSnapshot.Take(Store(site));
        left.AssertCountersAddUp();
        Assert.Equal(1, left.Counters["total/accepted"]);
    }

    [Fact]
    public async Task A_server_that_stops_says_so_and_withdraws_the_mail()
    {
        await using var site = await RunningSite.StartAsync(PreQueueRules.Text, PreQueueRules.Service("4m", "accept"));
        using var client = await WaitingClient.SendAsync(site, "stopped");
        var stopping = site.Server.StopAsync();
        Assert.StartsWith("421", await client.Smtp.ReadReplyAsync());
        Assert.Equal("", await client.Smtp.ReadReplyAsync());
        Assert.Equal(0, await stopping);
        AssertNothingIsAccepted(site, client.Id, "withdrawn");
    }

    [Fact]
    public async Task After_kill_minus_9_in_the_wait_the_mail_is_never_delivered_even_if_it_comes_back_clean()
    {
        await using var site = await RunningSite.StartAsync(PreQueueRules.Text, PreQueueRules.Service("40s", "accept"));
        using var client = await WaitingClient.SendAsync(site, "killed");
        await site.Server.KillAsync();
        Assert.Equal("", await client.Smtp.ReadToEndAsync());
        AssertNothingIsAccepted(site, client.Id, "offered");

        var sent = Assert.Single(site.Service.Mails);
        await site.Server.StartAsync();
        Assert.StartsWith("250", await site.Returning.ReturnAsync(sent));
        await Patience.UntilAsync(async () => (await site.Server.Api.FindAsync(client.Id))!.Mail.Queue != "offered", "the end of the offer", seconds: 180);
        var mail = await site.Server.WaitForAsync(client.Id, "withdrawn");
        Assert.DoesNotContain(mail.Events, e => e.What == "accepted");
        Assert.Empty(site.Relay.Seen);
        Assert.Equal(0, await site.Server.StopAsync());
        AssertNothingIsAccepted(site, client.Id, "withdrawn");
    }

    [Fact]
    public async Task After_kill_minus_9_behind_the_250_the_mail_is_there()
    {
        await using var site = await RunningSite.StartAsync(PreQueueRules.Text, PreQueueRules.Service("4m", "accept"));
        await site.StopRelayAsync();
        site.Service.OnMail = async mail =>
        {
            Assert.StartsWith("250", await site.Returning.ReturnAsync(mail));
            return "250 2.0.0 Taken";
        };
        var id = await site.SendAsync(Messages.Clean("confirmed"));
        await site.Server.KillAsync();
        StoreSnapshot.Take(Store(site)).AssertCountersAddUp();

        site.StartRelay();
        await site.Server.StartAsync();
        await site.DeliveredAsync(id, "confirmed");
    }

    private static void AssertNothingIsAccepted(RunningSite site, string id, string queue)
    {
        var left = StoreSnapshot.Take(Store(site));
        left.AssertCountersAddUp();
        Assert.Equal(queue, left.QueueOf[id]);
        Assert.Equal(0, left.Counters.GetValueOrDefault("total/accepted"));
    }

    private static string Store(RunningSite site) => Path.Combine(site.Site.Folder, "spool", "vsmtp.db");
}
