using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Antivirus;

/// <summary>What becomes of clean and infected mails with the real clamd and clamsmtpd.</summary>
public sealed class VerdictTests
{
    [Fact]
    public async Task A_clean_mail_reaches_the_relay_once_as_it_was_sent()
    {
        await using var site = await AntivirusSite.StartAsync();
        var id = await site.SendAsync(Messages.Clean());
        await site.Server.WaitForAsync(id, "delivered");
        Assert.Single(site.Relay.Mails);
    }
}
