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
    public async Task What_a_client_sends_counts_against_its_neighbours_and_not_against_other_networks()
    {
        const string mail = "MAIL FROM:<john@example.org>";
        const string rcpt = "RCPT TO:<jane@example.com>";
        await using var site = new RunningSite(
            "#{}", options: ["--set", "server.smtp.rates.network.mails=3/1h", "--set", "server.smtp.rates.network.recipients=4/1h"]);
        await site.InitializeAsync();
        using var first = await OpenAsync("127.0.1.1", site.Site.ClientPort);
        using var neighbour = await OpenAsync("127.0.1.250", site.Site.ClientPort);
        using var stranger = await OpenAsync("127.0.2.1", site.Site.ClientPort);

        Assert.Equal("250 250 250", await CodesAsync(first, mail, "RSET", mail));
        Assert.Equal("250 250 250 250", await CodesAsync(neighbour, mail, rcpt, rcpt, rcpt));
        Assert.Equal("250 450 250", await CodesAsync(first, rcpt, rcpt, "RSET"));
        Assert.Equal("450 4.7.1 Too many mails from you for now, come again later", await first.AskAsync(mail));
        Assert.Equal("450 4.7.1 Too many recipients from you for now, come again later", await neighbour.AskAsync(rcpt));
        Assert.Equal("250 250 250", await CodesAsync(stranger, mail, rcpt, rcpt));
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

    private static async Task<string> CodesAsync(RawSmtp client, params string[] commands)
    {
        var codes = new List<string>();
        foreach (var command in commands) codes.Add((await client.AskAsync(command))[..3]);
        return string.Join(' ', codes);
    }

    private static async Task<string> GreetingAsync(string from, int port)
    {
        using var smtp = await RawSmtp.ConnectFromAsync(IPAddress.Parse(from), port);
        return await smtp.ReadReplyAsync();
    }
}
