using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.InAndOut;

/// <summary>Many sessions at once, by Postfix's own load generator.</summary>
public sealed class SmtpSourceTests(PlainSite site) : IClassFixture<PlainSite>
{
    private const int Mails = 600;
    private const int Sessions = 20;

    [Fact]
    public async Task Hundreds_of_mails_over_twenty_sessions_come_out_once_each_and_the_counters_add_up()
    {
        DaemonProcess.RequireInstalled("smtp-source", "postfix");
        await DaemonProcess.RunAsync(
            "smtp-source", "-s", $"{Sessions}", "-m", $"{Mails}", "-l", "1024", "-N",
            "-f", "john@example.org", "-t", "jane@example.com", $"127.0.0.1:{site.Site.ClientPort}");

        await Patience.UntilAsync(() => site.Relay.Mails.Count >= Mails, "all mails at the relay host", () => $"{site.Relay.Mails.Count} came");
        await Patience.UntilAsync(async () => (await site.Server.Api.ListAsync(queue: null)).IsEmpty, "empty queues");
        Assert.Equal(Mails, site.Relay.Mails.Count);
        // -N numbers the recipients' local parts, so that each mail is told from the others.
        Assert.Equal(Mails, site.Relay.Mails.SelectMany(mail => mail.Recipients).Distinct().Count());
    }
}
