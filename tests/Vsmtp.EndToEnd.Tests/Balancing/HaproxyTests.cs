using System.Net;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Balancing;

/// <summary>Behind the real HAProxy, as docs/operations.md says.</summary>
public sealed class HaproxyTests(BalancedSite site) : IClassFixture<BalancedSite>
{
    private static readonly IPAddress Client = IPAddress.Parse("127.0.0.5");

    [Theory]
    [InlineData("send-proxy")]
    [InlineData("send-proxy-v2")]
    [InlineData("send-proxy-v2 proxy-v2-options crc32c,unique-id")]
    public async Task A_client_keeps_its_address_through_HAProxy(string options)
    {
        await using var haproxy = await Haproxy.StartAsync(
            site.Site.ClientPort, text => text.Replace("send-proxy-v2", options, StringComparison.Ordinal));
        Assert.Equal("L7OK", await haproxy.CheckedAsync("mx1"));
        using var smtp = await RawSmtp.ConnectFromAsync(Client, haproxy.Port);
        Assert.StartsWith("220", await smtp.ReadReplyAsync());
        Assert.StartsWith("250", await smtp.AskAsync("EHLO client.example.org"));

        var mail = await site.DeliverAsync(smtp, options);
        Assert.Contains($"([{Client}])", mail.Header("Received"));
        Assert.Equal($"{smtp.End} at 127.0.0.1:{haproxy.Port}", mail.Header("X-Ends"));
    }

    [Fact]
    public async Task Its_health_checks_are_answered_and_leave_no_warning()
    {
        await using var own = new BalancedSite();
        await own.InitializeAsync();
        await using var haproxy = await Haproxy.StartAsync(own.Site.ClientPort);
        Assert.Equal("L7OK", await haproxy.CheckedAsync("mx1"));
        Assert.Equal("L7OK", await haproxy.CheckedAsync("mx2"));
        Assert.DoesNotContain(" WRN ", own.Log);
    }

    [Fact]
    public async Task Checks_that_only_connect_are_as_good()
    {
        await using var own = new BalancedSite();
        await own.InitializeAsync();
        await using var haproxy = await Haproxy.StartAsync(
            own.Site.ClientPort, text => text.Replace("option smtpchk EHLO balancer.example.com", "", StringComparison.Ordinal));
        Assert.Equal("L4OK", await haproxy.CheckedAsync("mx1"));
        // It resets the connection behind the header, perhaps before we have read it.
        await Patience.UntilAsync(() => own.Log.Contains($" {BalancedSite.Balancer}:", StringComparison.Ordinal), "the server has seen a check");
        Assert.DoesNotContain(" WRN ", own.Log);
    }
}
