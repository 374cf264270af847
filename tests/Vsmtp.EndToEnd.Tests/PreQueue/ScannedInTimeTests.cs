using Vsmtp.EndToEnd.Tests.Antivirus;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.PreQueue;

/// <summary>The real clamd and clamsmtpd before the queue, in each of the ways in which they treat an infected mail.</summary>
public sealed class ScannedInTimeTests
{
    private const string Rules = """
        import "service" as service;

        #{
            preq: [
                delegate service::clamsmtpd "virus" #{
                    evaluate: || if has_header("X-Virus-Infected") { info("550 5.7.1 Virus found") } else { next() },
                    absorbed: || info("550 5.7.1 Virus found"),
                },
            ],
        }
        """;

    private const string Keys = AntivirusSite.ServiceKeys + "\npreq_wait: \"4m\",";

    [Theory]
    [InlineData("pass", "550 5.7.1 Virus found")]
    [InlineData(null, "550 5.7.1 Virus found")]
    [InlineData("bounce", "550 5.7.1 Message refused")]
    public async Task The_client_of_an_infected_mail_is_told_5yz_and_that_of_a_clean_one_250(string? action, string reply)
    {
        await using var site = await AntivirusSite.StartAsync(at => new ClamStack(at) { Action = action }, Rules, Keys);
        using (var smtp = await RawSmtp.OpenAsync(site.Site.ClientPort))
        {
            Assert.Equal(reply, await smtp.SendMailAsync("john@example.org", ["jane@example.com"], Messages.Clean("EICAR", Messages.Eicar)));
            Assert.StartsWith("250", await smtp.SendMailAsync("john@example.org", ["jane@example.com"], Messages.Clean("first")));
        }

        var message = Messages.Clean("clean");
        var delivered = await site.DeliveredAsync(await site.SendAsync(message), "clean");
        Assert.Equal(AntivirusSite.Scanned(message), delivered.TextBelowTrace);
        Assert.DoesNotContain(site.Relay.Seen, mail => mail.Header("Subject") == "EICAR");
    }

    [Fact]
    public async Task A_scanner_that_is_down_at_first_is_waited_for()
    {
        await using var site = await AntivirusSite.StartAsync(rules: Rules, serviceKeys: Keys);
        await site.Clam.StopClamdAsync();
        var sending = site.SendAsync(Messages.Clean("patience"));
        await Patience.UntilAsync(
            async () => (await site.Server.Api.ListAsync("offered")).Any(mail => mail.Reason.Contains("451", StringComparison.Ordinal) || mail.Attempts > 1),
            "the first attempt has failed", () => site.Clam.Said);
        await site.Clam.StartClamdAsync();
        await site.DeliveredAsync(await sending, "patience");
    }
}
