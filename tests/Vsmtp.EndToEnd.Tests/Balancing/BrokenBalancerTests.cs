using System.Net;
using Vsmtp.EndToEnd.Tests.Support;
using Vsmtp.Gateway.Tests.Proxying;

namespace Vsmtp.EndToEnd.Tests.Balancing;

/// <summary>A site that takes one client at a time.</summary>
public sealed class NarrowBalancedSite() : BalancedSite("#{}", null, "--set", "server.client_count_max=1");

/// <summary>Balancers that do not say, or say wrongly, whose their connections are.</summary>
public sealed class BrokenBalancerTests(NarrowBalancedSite site) : IClassFixture<NarrowBalancedSite>
{
    private int Port => site.Site.ClientPort;

    public static TheoryData<byte[], string> WrongHeaders => new()
    {
        { "EHLO client.example.org\r\n"u8.ToArray(), "it does not begin with a PROXY header" },
        { "PROXY TCP4 192.0.2.7 198.51.100.1 25\r\nEHLO client.example.org\r\n"u8.ToArray(), "its PROXY header of version 1 has no two addresses" },
        { ProxyBytes.Of(ProxyBytes.Proxy, 0x31, new byte[216]), "its PROXY header is of a connection that is not TCP" },
        { ProxyBytes.Of(ProxyBytes.Proxy, 0x12, new byte[12]), "its PROXY header is of a connection that is not TCP" },
        { ProxyBytes.Of(ProxyBytes.Proxy, ProxyBytes.TcpOverIpv6, new byte[12]), "its PROXY header is too short" },
        { ProxyBytes.Of(ProxyBytes.Proxy, ProxyBytes.TcpOverIpv4, new byte[65_535]), "its PROXY header is longer" },
        { ProxyBytes.OfLength(ProxyBytes.Local, 0x00, 65_535), "its PROXY header is longer" },
        { ProxyBytes.Relay("192.0.2.7:40000", additions: [0x20, 0xFF, 0xFF]), "the additions" },
    };

    [Theory, MemberData(nameof(WrongHeaders))]
    public async Task A_balancer_without_a_good_header_is_closed_at_once_and_without_a_word(byte[] opening, string reason)
    {
        using var smtp = await BalancedSite.BalanceAsync(Port, opening);
        Assert.Equal("", await smtp.ReadToEndAsync());
        await site.IsToldAsync(smtp.End, reason);
        await ServesAsync();
    }

    [Theory]
    [InlineData(0, "it sent nothing")]
    [InlineData(12, "it closed amid")]
    [InlineData(27, "it closed amid")]
    public async Task A_header_that_is_cut_off_is_closed(int octets, string reason)
    {
        using var smtp = await BalancedSite.BalanceAsync(Port, ProxyBytes.Relay("192.0.2.7:40000", BalancedSite.Front)[..octets]);
        smtp.SayNoMore();
        Assert.Equal("", await smtp.ReadToEndAsync());
        await site.IsToldAsync(smtp.End, reason);
        await ServesAsync();
    }

    [Fact]
    public async Task One_that_says_nothing_or_too_slowly_is_closed_and_takes_nobodys_place_till_then()
    {
        var header = ProxyBytes.Relay("192.0.2.7:40000", BalancedSite.Front);
        using var silent = await BalancedSite.BalanceAsync(Port);
        using var slow = await BalancedSite.BalanceAsync(Port, header[..^1]);
        await ServesAsync();

        Assert.Equal(["", ""], await Task.WhenAll(silent.ReadToEndAsync(), slow.ReadToEndAsync()));
        await site.IsToldAsync(silent.End, "its PROXY header took too long");
        await site.IsToldAsync(slow.End, "its PROXY header took too long");
        await ServesAsync();
    }

    [Fact]
    public async Task A_server_that_stops_does_not_wait_for_headers()
    {
        await using var own = new NarrowBalancedSite();
        await own.InitializeAsync();
        using var silent = await BalancedSite.BalanceAsync(own.Site.ClientPort);
        Assert.Equal(0, await own.Server.StopAsync());
        Assert.Equal("", await silent.ReadToEndAsync());
        Assert.DoesNotContain("too long", own.Log);
    }

    /// <summary>Its one place for a client is free, and given to whom the balancer or the socket says.</summary>
    private async Task ServesAsync()
    {
        foreach (var opening in new[] { ProxyBytes.Relay("192.0.2.7:40000", BalancedSite.Front), [] })
        {
            await Patience.UntilAsync(
                async () =>
                {
                    using var smtp = await RawSmtp.ConnectFromAsync(opening.Length > 0 ? BalancedSite.Balancer : IPAddress.Loopback, Port, opening);
                    var greeting = await smtp.ReadReplyAsync();
                    return greeting.StartsWith("220", StringComparison.Ordinal) && (await smtp.AskAsync("QUIT")).StartsWith("221", StringComparison.Ordinal);
                },
                "the place is free");
        }
    }
}
