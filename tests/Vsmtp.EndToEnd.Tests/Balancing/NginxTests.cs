using System.Net;
using System.Text;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Balancing;

/// <summary>Clients who log in with nginx, which tells us by XCLIENT who they are and passes on what they say from then on.</summary>
public sealed class NginxTests
{
    private const string Client = "127.0.5.7";

    private sealed class ProxiedSite() : RunningSite(
        """
        #{
            preq: [ action "tell" || { append_header("X-Client", `${client_ip()} ${auth().authid} ${auth().mechanism}`) } ],
        }
        """,
        extraToml: "[server.smtp.auth]\nmust_be_authenticated = true\nmechanisms = [\"PLAIN\"]",
        options: ["--set", "server.interfaces.xclient=[\"127.0.0.1\"]"]);

    [Fact]
    public async Task Rules_see_the_client_and_its_name_and_the_client_cannot_give_itself_another()
    {
        await using var site = new ProxiedSite();
        await site.InitializeAsync();
        await using var nginx = await Nginx.StartAsync(site.Site.ClientPort);
        using (var client = await OpenAsync(nginx))
        {
            Assert.StartsWith("235", await client.AskAsync($"AUTH PLAIN {Plain("alice@example.org", Nginx.Password)}"), StringComparison.Ordinal);
            Assert.StartsWith("502", await client.AskAsync("XCLIENT ADDR=192.0.2.7 LOGIN=root"), StringComparison.Ordinal);
            var reply = await client.SendMailAsync("john@example.org", ["jane@example.com"], Messages.Clean("proxied"));
            Assert.StartsWith("250", reply, StringComparison.Ordinal);
            await site.Server.WaitForAsync(RawSmtp.IdOf(reply), "delivered");
        }

        using (var client = await OpenAsync(nginx))
            Assert.StartsWith("535", await client.AskAsync($"AUTH PLAIN {Plain("alice@example.org", "wrong")}"), StringComparison.Ordinal);

        var mail = Assert.Single(site.Relay.Mails);
        Assert.Equal($"{Client} alice@example.org XCLIENT", mail.Header("X-Client"));
        Assert.StartsWith($"from client.example.org ([{Client}]) by mx.example.com with ESMTPA id ", mail.Header("Received"), StringComparison.Ordinal);
    }

    private static async Task<RawSmtp> OpenAsync(Nginx nginx)
    {
        var client = await RawSmtp.ConnectFromAsync(IPAddress.Parse(Client), nginx.Port);
        Assert.StartsWith("220", await client.ReadReplyAsync(), StringComparison.Ordinal);
        Assert.Contains("AUTH PLAIN LOGIN", await client.AskAsync("EHLO client.example.org"), StringComparison.Ordinal);
        return client;
    }

    private static string Plain(string name, string password) => Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{name}\0{password}"));
}
