using Vsmtp.EndToEnd.Tests.Killing;
using Vsmtp.EndToEnd.Tests.PreQueue;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Cluster;

/// <summary>Clients that wait for a verdict at a gateway, while processes die around them.</summary>
public sealed class PreQueueTests
{
    [Fact]
    public async Task A_mail_whose_gateway_is_killed_in_the_wait_is_withdrawn_though_it_came_back_clean()
    {
        await using var cluster = await ClusterSite.StartAsync(NewSite("40s"), gateways: 2);
        await using var relay = new ScriptedServer(cluster.Site.RelayPort);
        await using var service = new ScriptedServer(cluster.Site.ServicePort);
        using var client = await SendAsync(cluster, service);
        await cluster.Gateways[0].KillAsync();
        Assert.Equal("", await client.ReadToEndAsync());

        var sent = Assert.Single(service.Mails);
        var back = Messages.WithHeader(sent.Text, "X-Scanned", "clean");
        Assert.StartsWith("250", await new ReturningService(cluster.Site.ReceiverPort, "127.0.0.2").ReturnAsync(sent, back));
        await Patience.UntilAsync(
            async () => await cluster.AskAsync<long>("SELECT count(*) FROM vsmtp.mail WHERE queue = 'withdrawn'") == 1, "it is withdrawn", () => cluster.Said, seconds: 180);
        Assert.Empty(relay.Seen);
        var left = await cluster.SnapshotAsync();
        left.AssertCountersAddUp();
        Assert.Empty(left.QueueOf);
    }

    [Fact]
    public async Task A_client_hears_the_verdict_though_every_silo_was_killed_in_the_wait()
    {
        await using var cluster = await ClusterSite.StartAsync(NewSite("4m"));
        await using var relay = new ScriptedServer(cluster.Site.RelayPort);
        await using var service = new ScriptedServer(cluster.Site.ServicePort);
        using var client = await SendAsync(cluster, service);
        foreach (var silo in cluster.Silos)
        {
            await silo.KillAsync();
            await silo.StartAsync();
        }

        // A silo that was killed before the service's 250 was committed has the mail sent again; any of the tickets is good.
        var sent = service.Mails.First();
        var back = Messages.WithHeader(sent.Text, "X-Scanned", "clean");
        Assert.StartsWith("250", await new ReturningService(cluster.Site.ReceiverPort).ReturnAsync(sent, back));
        var reply = await client.ReadReplyAsync();
        Assert.True(reply.StartsWith("250", StringComparison.Ordinal), reply + cluster.Said);
        await cluster.Silos[0].WaitForAsync(RawSmtp.IdOf(reply), "delivered");
        Assert.Single(relay.Mails);
        (await cluster.SnapshotAsync()).AssertCountersAddUp();
    }

    private static TestSite NewSite(string wait)
    {
        var site = new TestSite(PreQueueRules.Text);
        site.WriteService(PreQueueRules.Service(wait, "accept") + "peers: [\"127.0.0.1\"],");
        return site;
    }

    /// <summary>A client that waits, and whose mail the service has.</summary>
    private static async Task<RawSmtp> SendAsync(ClusterSite cluster, ScriptedServer service)
    {
        var client = await RawSmtp.OpenAsync(cluster.Site.ClientPort);
        Assert.StartsWith("250", await client.AskAsync("MAIL FROM:<john@example.org>"));
        Assert.StartsWith("250", await client.AskAsync("RCPT TO:<jane@example.com>"));
        Assert.StartsWith("354", await client.AskAsync("DATA"));
        await client.SendAsync(Messages.Clean("waited for") + ".\r\n");
        await Patience.UntilAsync(() => !service.Mails.IsEmpty, "the service has the mail", () => cluster.Said);
        return client;
    }
}
