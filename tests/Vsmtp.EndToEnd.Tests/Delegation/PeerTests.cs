using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Delegation;

/// <summary>Who may come to a receiver at all.</summary>
public sealed class PeerTests
{
    [Fact]
    public async Task A_peer_that_is_not_configured_is_refused_at_the_banner()
    {
        await using var site = await RunningSite.StartAsync(RunningSite.OneDelegation, "peers: [\"192.0.2.1\"],");
        var (smtp, greeting) = await RawSmtp.ConnectAsync(site.Site.ReceiverPort);
        using var _ = smtp;

        Assert.StartsWith("554", greeting);
        Assert.Equal("", await smtp.ReadReplyAsync());         // and it hangs up
        using var client = await RawSmtp.OpenAsync(site.Site.ClientPort);
    }

    [Fact]
    public async Task Peers_may_be_given_as_a_range_or_a_name()
    {
        await using var site = await RunningSite.StartAsync(RunningSite.OneDelegation, "peers: [\"192.0.2.0/24\", \"localhost\"],");
        using var smtp = await RawSmtp.OpenAsync(site.Site.ReceiverPort);
    }
}
