using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.InAndOut;

/// <summary>How many clients may come at once.</summary>
public sealed class ConnectionCountTests
{
    /// <summary>Without a service the receiver's listener is one more for clients.</summary>
    private sealed class NarrowSite() : RunningSite("#{}", options: ["--set", "server.client_count_max=1"]);

    [Fact]
    public async Task Clients_are_counted_over_all_listeners()
    {
        await using var site = new NarrowSite();
        await site.InitializeAsync();
        using var first = await RawSmtp.OpenAsync(site.Site.ClientPort);
        foreach (var port in new[] { site.Site.ClientPort, site.Site.ReceiverPort })
        {
            var (other, greeting) = await RawSmtp.ConnectAsync(port);
            using var _ = other;
            Assert.StartsWith("421", greeting);
        }
    }
}
