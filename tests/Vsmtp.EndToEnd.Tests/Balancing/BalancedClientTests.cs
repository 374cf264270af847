using System.Net;
using System.Text;
using Vsmtp.EndToEnd.Tests.Support;
using Vsmtp.Gateway.Tests.Proxying;

namespace Vsmtp.EndToEnd.Tests.Balancing;

/// <summary>Clients that come through a balancer, and clients that would like to be somebody else.</summary>
public sealed class BalancedClientTests(BalancedSite site) : IClassFixture<BalancedSite>
{
    private static readonly IPAddress Stranger = IPAddress.Parse("127.0.0.9");

    private int Port => site.Site.ClientPort;

    [Theory]
    [InlineData("192.0.2.7:40000", "198.51.100.1:25", "([192.0.2.7])")]
    [InlineData("[2001:db8::7]:40000", "[2001:db8::1]:25", "([IPv6:2001:db8::7])")]
    public async Task Rules_and_trace_see_the_client_and_where_it_came_to_the_balancer(string client, string front, string literal)
    {
        using var smtp = await BalancedSite.OpenForAsync(client, Port, front);
        var mail = await site.DeliverAsync(smtp, $"for {client}");

        Assert.Contains(literal, mail.Header("Received"));
        Assert.Equal($"{client} at {front}", mail.Header("X-Ends"));
    }

    [Fact]
    public async Task An_IPv4_client_of_a_balancer_that_speaks_IPv6_is_an_IPv4_client()
    {
        using var smtp = await BalancedSite.OpenForAsync("[::ffff:192.0.2.7]:40000", Port, "[::ffff:198.51.100.1]:25");
        Assert.Equal("192.0.2.7:40000 at 198.51.100.1:25", (await site.DeliverAsync(smtp, "mapped")).Header("X-Ends"));

        var (unwanted, greeting) = await BalancedSite.ConnectForAsync($"[::ffff:{BalancedSite.Unwanted}]:40000", Port, "[2001:db8::1]:25");
        using var _ = unwanted;
        Assert.StartsWith("554", greeting);
    }

    [Fact]
    public async Task A_rule_of_connect_judges_the_client_and_not_the_balancer()
    {
        var (unwanted, greeting) = await BalancedSite.ConnectForAsync($"{BalancedSite.Unwanted}:40000", Port);
        using var _ = unwanted;
        Assert.Equal("554 5.7.1 not you", greeting);
        using var other = await BalancedSite.OpenForAsync("192.0.2.67:40000", Port);
    }

    [Fact]
    public async Task A_health_check_and_a_client_that_is_not_told_come_from_the_balancer_itself()
    {
        foreach (var header in new[] { ProxyBytes.Check, ProxyBytes.Of(ProxyBytes.Local, ProxyBytes.TcpOverIpv4, new byte[12]), ProxyBytes.Of(ProxyBytes.Proxy, 0x00) })
        {
            using var smtp = await BalancedSite.BalanceAsync(Port, header);
            Assert.StartsWith("220", await smtp.ReadReplyAsync());
            Assert.StartsWith("250", await smtp.AskAsync("EHLO balancer.example.com"));
            var subject = $"check {Convert.ToHexString(header)}";
            Assert.Equal($"{smtp.End} at 127.0.0.1:{Port}", (await site.DeliverAsync(smtp, subject)).Header("X-Ends"));
        }
    }

    [Fact]
    public async Task A_client_that_sends_all_at_once_behind_the_header_loses_nothing()
    {
        var message = Messages.Clean("all at once");
        const string commands = "EHLO client.example.org\r\nMAIL FROM:<john@example.org>\r\nRCPT TO:<jane@example.com>\r\nDATA\r\n";
        using var smtp = await BalancedSite.BalanceAsync(
            Port, [.. ProxyBytes.Relay("192.0.2.8:40000", BalancedSite.Front), .. Encoding.ASCII.GetBytes($"{commands}{message}.\r\nQUIT\r\n")]);

        foreach (var code in new[] { "220", "250", "250", "250", "354" }) Assert.StartsWith(code, await smtp.ReadReplyAsync());
        var taken = await smtp.ReadReplyAsync();
        Assert.StartsWith("250", taken);
        Assert.StartsWith("221", await smtp.ReadReplyAsync());
        var mail = await site.DeliveredAsync(RawSmtp.IdOf(taken), "all at once");
        const string told = $"X-Ends: 192.0.2.8:40000 at {BalancedSite.Front}\r\n";
        Assert.Contains(told, mail.Text);
        Assert.Equal(message, mail.TextBelowTrace.Replace(told, "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_header_that_comes_octet_by_octet_is_waited_for_and_no_banner_is_sent_before()
    {
        using var smtp = await BalancedSite.BalanceAsync(Port);
        var greeting = smtp.ReadReplyAsync();
        foreach (var octet in ProxyBytes.Relay("192.0.2.9:40000", BalancedSite.Front))
        {
            Assert.False(greeting.IsCompleted);
            await smtp.SendAsync(new[] { octet });
        }

        Assert.StartsWith("220", await greeting);
    }

    [Fact]
    public async Task A_client_that_is_no_balancer_forges_nothing_with_a_header_of_version_2()
    {
        using var smtp = await RawSmtp.ConnectFromAsync(Stranger, Port, ProxyBytes.Relay("192.0.2.7:40000", BalancedSite.Front));
        Assert.StartsWith("220", await smtp.ReadReplyAsync());
        var said = await smtp.ReadToEndAsync();

        // Its signature has a bare LF, with which no conversation goes on; what is before it is no command.
        Assert.All(said.Split("\r\n", StringSplitOptions.RemoveEmptyEntries), line => Assert.StartsWith("500", line));
        Assert.Contains($"{smtp.End} connected to 127.0.0.1:{Port}", site.Log);
    }

    [Fact]
    public async Task A_client_that_is_no_balancer_forges_nothing_with_a_line_of_version_1()
    {
        using var smtp = await RawSmtp.ConnectFromAsync(Stranger, Port, "PROXY TCP4 192.0.2.7 198.51.100.1 40000 25\r\n"u8.ToArray());
        Assert.StartsWith("220", await smtp.ReadReplyAsync());
        Assert.StartsWith("500", await smtp.ReadReplyAsync());
        Assert.StartsWith("250", await smtp.AskAsync("EHLO client.example.org"));

        var mail = await site.DeliverAsync(smtp, "forged");
        Assert.Contains("([127.0.0.9])", mail.Header("Received"));
        Assert.Equal($"{smtp.End} at 127.0.0.1:{Port}", mail.Header("X-Ends"));
    }

    [Fact]
    public async Task A_client_behind_the_balancer_cannot_send_a_second_header()
    {
        using var smtp = await BalancedSite.BalanceAsync(
            Port, [.. ProxyBytes.Relay("192.0.2.10:40000", BalancedSite.Front), .. ProxyBytes.Relay("192.0.2.11:40000", BalancedSite.Front)]);
        Assert.StartsWith("220", await smtp.ReadReplyAsync());
        Assert.All((await smtp.ReadToEndAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries), line => Assert.StartsWith("500", line));
        Assert.DoesNotContain("192.0.2.11", site.Log);
    }
}
