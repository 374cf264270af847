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

    [Fact]
    public async Task The_times_that_clients_have_do_not_bind_a_service_that_scans_for_long()
    {
        await using var site = await RunningSite.StartAsync(RunningSite.OneDelegation, "", extraToml: """
            [server.smtp.timeout_client]
            connect = "3s"
            helo = "3s"
            mail_from = "3s"
            rcpt_to = "3s"
            data = "3s"
            """);
        var id = await site.SendAsync(Messages.Clean("long scan"));
        await Patience.UntilAsync(() => site.Service.Mails.Count == 1, "the service has it");
        var mail = Assert.Single(site.Service.Mails);
        using var service = await RawSmtp.OpenAsync(site.Site.ReceiverPort);
        foreach (var command in mail.Commands) Assert.StartsWith("250", await service.AskAsync(command));
        using var client = await RawSmtp.OpenAsync(site.Site.ClientPort);
        Assert.StartsWith("250", await client.AskAsync("MAIL FROM:<john@example.org>"));
        Assert.StartsWith("421", await client.ReadReplyAsync());    // who came later has run out of time

        Assert.StartsWith("250", await service.SendDataAsync(mail.Text));
        await site.DeliveredAsync(id, "long scan");
    }
}
