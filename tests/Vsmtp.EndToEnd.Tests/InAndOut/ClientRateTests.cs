using System.Net;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.InAndOut;

/// <summary>How much one client, and one network, may send.</summary>
public sealed class ClientRateTests
{
    private sealed class PacedSite() : RunningSite(
        "#{}",
        options:
        [
            "--set", "server.smtp.rates.client.connections=3/1h", "--set", "server.smtp.rates.client.mails=2/1h",
            "--set", "server.smtp.rates.client.recipients=3/1h", "--set", "server.smtp.rates.network.connections=5/1h",
            "--set", "server.smtp.rates.exempt=[\"127.0.9.9\"]", "--set", "server.interfaces.xclient=[\"127.0.8.8\"]",
        ]);

    [Fact]
    public async Task Who_sends_more_is_told_to_come_later_and_others_are_not()
    {
        await using var site = new PacedSite();
        await site.InitializeAsync();
        var port = site.Site.ClientPort;

        using var first = await OpenAsync("127.0.1.1", port);
        foreach (var code in new[] { "250", "250", "450 4.7.1" })
        {
            Assert.StartsWith(code, await first.AskAsync("MAIL FROM:<john@example.org>"));
            Assert.StartsWith("250", await first.AskAsync("RSET"));
        }

        using var second = await OpenAsync("127.0.1.2", port);
        Assert.StartsWith("250", await second.AskAsync("MAIL FROM:<john@example.org>"));
        foreach (var code in new[] { "250", "250", "250", "450 4.7.1" }) Assert.StartsWith(code, await second.AskAsync("RCPT TO:<jane@example.com>"));

        using var again = await OpenAsync("127.0.1.1", port);
        using var third = await OpenAsync("127.0.1.1", port);
        Assert.Equal("421 4.7.0 Too many connections from you for now, come again later", await GreetingAsync("127.0.1.1", port));
        Assert.StartsWith("220", await GreetingAsync("127.0.1.3", port));           // the fifth of its network
        Assert.StartsWith("421", await GreetingAsync("127.0.1.4", port));
        Assert.StartsWith("220", await GreetingAsync("127.0.2.4", port));
        for (var i = 0; i < 8; i++) Assert.StartsWith("220", await GreetingAsync("127.0.9.9", port));
    }

    [Fact]
    public async Task Clients_behind_a_proxy_are_counted_and_the_proxy_is_not()
    {
        await using var site = new PacedSite();
        await site.InitializeAsync();
        foreach (var code in new[] { "220", "220", "220", "421" })
        {
            using var proxy = await OpenAsync("127.0.8.8", site.Site.ClientPort);
            Assert.StartsWith(code, await proxy.AskAsync("XCLIENT ADDR=192.0.2.7"));
        }

        using var other = await OpenAsync("127.0.8.8", site.Site.ClientPort);
        Assert.StartsWith("220", await other.AskAsync("XCLIENT ADDR=198.51.100.7"));
    }

    private static async Task<RawSmtp> OpenAsync(string from, int port)
    {
        var smtp = await RawSmtp.ConnectFromAsync(IPAddress.Parse(from), port);
        Assert.StartsWith("220", await smtp.ReadReplyAsync());
        Assert.StartsWith("250", await smtp.AskAsync("EHLO client.example.org"));
        return smtp;
    }

    private static async Task<string> GreetingAsync(string from, int port)
    {
        using var smtp = await RawSmtp.ConnectFromAsync(IPAddress.Parse(from), port);
        return await smtp.ReadReplyAsync();
    }
}
