using Vsmtp.EndToEnd.Tests.Support;
using Vsmtp.Gateway.Tests.Proxying;

namespace Vsmtp.EndToEnd.Tests.Balancing;

/// <summary>A site whose service comes back through the balancer, from 192.0.2.50.</summary>
public sealed class BalancedReceiverSite() : BalancedSite(OneDelegation, $"peers: [\"{Peer}\"],")
{
    internal const string Peer = "192.0.2.50";
}

/// <summary>Returns that come through a balancer.</summary>
public sealed class BalancedReceiverTests(BalancedReceiverSite site) : IClassFixture<BalancedReceiverSite>
{
    private const string Service = BalancedReceiverSite.Peer + ":40000";

    [Fact]
    public async Task A_return_is_taken_from_the_peer_that_the_balancer_tells()
    {
        var id = await site.SendAsync(Messages.Clean("through the balancer"));
        await Patience.UntilAsync(() => !site.Service.Mails.IsEmpty, "the service has it");
        var mail = Assert.Single(site.Service.Mails);

        using var smtp = await BalancedSite.OpenForAsync(Service, site.Site.ReceiverPort);
        Assert.StartsWith("250", await ReturningService.ReturnAsync(smtp, mail.Commands, mail.Text));
        await site.DeliveredAsync(id, "through the balancer");
        var returned = Assert.Single((await site.Server.Api.FindAsync(id))!.Events, e => e.What == "returned");
        Assert.Contains(Service, returned.Why);
    }

    [Theory]
    [InlineData("192.0.2.51:40000")]
    [InlineData("127.0.0.1:40000")]
    [InlineData("127.0.0.2:40000")]
    public async Task Another_peer_behind_the_balancer_is_refused_at_the_banner(string peer)
    {
        var (smtp, greeting) = await BalancedSite.ConnectForAsync(peer, site.Site.ReceiverPort);
        using var _ = smtp;
        Assert.StartsWith("554", greeting);
        Assert.Equal("", await smtp.ReadToEndAsync());
    }

    [Fact]
    public async Task The_balancer_itself_and_whoever_comes_past_it_are_no_peers()
    {
        using var check = await BalancedSite.BalanceAsync(site.Site.ReceiverPort, ProxyBytes.Check);
        Assert.StartsWith("554", await check.ReadReplyAsync());
        var (direct, greeting) = await RawSmtp.ConnectAsync(site.Site.ReceiverPort);
        using var _ = direct;
        Assert.StartsWith("554", greeting);
    }

    [Fact]
    public async Task A_missing_header_is_closed_without_a_word_at_a_receiver_too()
    {
        using var smtp = await BalancedSite.BalanceAsync(site.Site.ReceiverPort, "EHLO service.example.com\r\n"u8.ToArray());
        Assert.Equal("", await smtp.ReadToEndAsync());
        await site.IsToldAsync(smtp.End, "it does not begin with a PROXY header");
    }

    [Fact]
    public async Task What_a_listener_is_for_is_not_for_a_header_to_say()
    {
        // PIPELINING is for clients alone.
        using var client = await BalancedSite.BalanceAsync(
            site.Site.ClientPort, ProxyBytes.Relay(Service, $"127.0.0.1:{site.Site.ReceiverPort}"));
        Assert.StartsWith("220", await client.ReadReplyAsync());
        Assert.Contains("PIPELINING", await client.AskAsync("EHLO client.example.org"));

        using var service = await BalancedSite.BalanceAsync(
            site.Site.ReceiverPort, ProxyBytes.Relay(Service, $"127.0.0.1:{site.Site.ClientPort}"));
        Assert.StartsWith("220", await service.ReadReplyAsync());
        Assert.DoesNotContain("PIPELINING", await service.AskAsync("EHLO service.example.com"));
    }
}
