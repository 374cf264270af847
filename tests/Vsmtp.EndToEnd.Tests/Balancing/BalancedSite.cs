using System.Net;
using Vsmtp.EndToEnd.Tests.Support;
using Vsmtp.Gateway.Tests.Proxying;

namespace Vsmtp.EndToEnd.Tests.Balancing;

/// <summary>A site behind a balancer, which is 127.0.0.2; whoever comes from another address of the loopback network is none.</summary>
public class BalancedSite : RunningSite
{
    /// <summary>Turned away by the rules.</summary>
    internal const string Unwanted = "192.0.2.66";

    /// <summary>Where clients come to the balancer.</summary>
    internal const string Front = "198.51.100.1:25";

    internal static readonly IPAddress Balancer = IPAddress.Parse("127.0.0.2");

    private const string Rules = $$"""
        #{
            connect: [ rule "unwanted" || { if client_ip() == "{{Unwanted}}" { deny("554 5.7.1 not you") } else { next() } } ],
            preq: [ action "tell" || { append_header("X-Ends", `${client_address()} at ${server_address()}`) } ],
        }
        """;

    public BalancedSite()
        : this(Rules, null)
    {
    }

    private protected BalancedSite(string rules, string? serviceKeys, params string[] options)
        : base(rules, serviceKeys, options: ["--set", $"server.interfaces.balancers=[\"{Balancer}\"]", .. options])
    {
    }

    /// <summary>What the server has logged so far.</summary>
    internal string Log => string.Concat(
        Directory.EnumerateFiles(Path.Combine(Site.Folder, "log"), "vsmtp*.log").Order().Select(SharedFile.ReadAllText));

    /// <summary>Comes as the balancer with these bytes, and reads nothing yet.</summary>
    internal static Task<RawSmtp> BalanceAsync(int port, params byte[] opening) => RawSmtp.ConnectFromAsync(Balancer, port, opening);

    /// <summary>Comes as the balancer for a client and is greeted.</summary>
    internal static async Task<(RawSmtp Client, string Greeting)> ConnectForAsync(string client, int port, string front = Front)
    {
        var smtp = await BalanceAsync(port, ProxyBytes.Relay(client, front));
        return (smtp, await smtp.ReadReplyAsync());
    }

    /// <summary>The same, is greeted with 220 and introduces the client.</summary>
    internal static async Task<RawSmtp> OpenForAsync(string client, int port, string front = Front)
    {
        var (smtp, greeting) = await ConnectForAsync(client, port, front);
        Assert.StartsWith("220", greeting);
        Assert.StartsWith("250", await smtp.AskAsync("EHLO client.example.org"));
        return smtp;
    }

    /// <summary>Sends a mail over a connection that is open, and gives it as it was delivered.</summary>
    internal async Task<ReceivedMail> DeliverAsync(RawSmtp smtp, string subject)
    {
        var reply = await smtp.SendMailAsync("john@example.org", ["jane@example.com"], Messages.Clean(subject));
        Assert.StartsWith("250", reply);
        return await DeliveredAsync(RawSmtp.IdOf(reply), subject);
    }

    /// <summary>Waits for the reason that the log gives for a connection that was closed.</summary>
    internal Task IsToldAsync(string end, string reason) => Patience.UntilAsync(
        () => Log.Split('\n').Any(line => line.Contains($"the balancer {end} is closed without a reply: {reason}", StringComparison.Ordinal)
            && line.Contains(" WRN ", StringComparison.Ordinal)),
        $"the log tells of {end}: {reason}", () => Log);
}
