using System.Net;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Balancing;

/// <summary>Behind an SMTP proxy, and from those that would like to be one.</summary>
public sealed class XClientTests
{
    private const string Rules = """
        #{
            connect: [ rule "unwanted" || { if client_ip() == "192.0.2.66" { deny("554 5.7.1 not you") } else { next() } } ],
            preq: [ action "tell" || { append_header("X-Client", `${client_address()}`) } ],
        }
        """;

    private sealed class ProxiedSite() : RunningSite(Rules, options: ["--set", "server.interfaces.xclient=[\"127.0.0.2\"]"]);

    [Fact]
    public async Task A_proxy_of_the_site_says_for_whom_it_speaks_and_nobody_else_does()
    {
        await using var site = new ProxiedSite();
        await site.InitializeAsync();
        var port = site.Site.ClientPort;
        using var proxy = await RawSmtp.ConnectFromAsync(IPAddress.Parse("127.0.0.2"), port);
        Assert.StartsWith("220", await proxy.ReadReplyAsync());
        Assert.Contains("XCLIENT", await proxy.AskAsync("EHLO proxy.example.com"), StringComparison.Ordinal);
        Assert.StartsWith("220", await proxy.AskAsync("XCLIENT ADDR=192.0.2.7 PORT=4000"));
        Assert.StartsWith("250", await proxy.AskAsync("EHLO client.example.org"));
        var reply = await proxy.SendMailAsync("john@example.org", ["jane@example.com"], Messages.Clean("proxied"));
        Assert.StartsWith("250", reply);
        await site.Server.WaitForAsync(RawSmtp.IdOf(reply), "delivered");
        var mail = Assert.Single(site.Relay.Mails);
        Assert.Contains("([192.0.2.7])", mail.Header("Received"));
        Assert.Equal("192.0.2.7:4000", mail.Header("X-Client"));
        Assert.StartsWith("502", await proxy.AskAsync("XCLIENT ADDR=192.0.2.8"));
        using var unwanted = await RawSmtp.ConnectFromAsync(IPAddress.Parse("127.0.0.2"), port);
        await unwanted.ReadReplyAsync();
        Assert.Equal("554 5.7.1 not you", await unwanted.AskAsync("XCLIENT ADDR=192.0.2.66"));

        using var stranger = await RawSmtp.OpenAsync(port);
        Assert.StartsWith("502", await stranger.AskAsync("XCLIENT ADDR=192.0.2.7"));
    }
}
