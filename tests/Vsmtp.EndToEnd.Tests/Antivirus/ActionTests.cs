using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Antivirus;

/// <summary>The other ways in which clamsmtpd treats an infected mail: it drops or bounces it, and nothing comes back.</summary>
public sealed class ActionTests
{
    private const string RulesWithHandlers = """
        import "service" as service;

        #{
            postq: [
                delegate service::clamsmtpd "check email for virus" #{
                    evaluate: || next(),
                    rejected: |reply| if reply.contains("Virus") { quarantine("virus_q") } else { quarantine("delegation") },
                    absorbed: || quarantine("virus_q"),
                },
            ],
        }
        """;

    [Theory]
    [InlineData(null)]
    [InlineData("drop")]
    public async Task A_mail_that_clamsmtpd_drops_is_absorbed_long_before_the_return_deadline(string? action)
    {
        await using var site = await AntivirusSite.StartAsync(s => new ClamStack(s) { Action = action });
        var clean = await site.SendAsync(Messages.Clean("clean"));
        var infected = await site.SendAsync(Messages.Clean("infected", Messages.Eicar));

        var mail = await site.QuarantinedAsync(infected, "delegation");
        await site.DeliveredAsync(clean, "clean");

        Assert.StartsWith("absorbed", mail.Mail.Reason);
        Assert.Contains(mail.Events, e => e.What == "let go");
        Assert.Contains(mail.Events, e => e.What == "absorbed" && e.Why.Contains("250 Virus Detected; Discarded Email", StringComparison.Ordinal));
        Assert.DoesNotContain(mail.Events, e => e.What == "returned");
    }

    [Fact]
    public async Task A_mail_that_clamsmtpd_bounces_is_kept_with_its_reply()
    {
        await using var site = await AntivirusSite.StartAsync(s => new ClamStack(s) { Action = "bounce" });
        var clean = await site.SendAsync(Messages.Clean("clean"));
        var infected = await site.SendAsync(Messages.Clean("infected", Messages.Eicar));

        var mail = await site.QuarantinedAsync(infected, "delegation");
        await site.DeliveredAsync(clean, "clean");

        Assert.Equal("rejected: 550 Virus Detected; Content Rejected", mail.Mail.Reason);
        Assert.Single(mail.Events, e => e.What == "delegated");
    }

    [Theory]
    [InlineData("drop", "absorbed")]
    [InlineData("bounce", "rejected")]
    public async Task The_directives_own_handler_decides_where_it_has_one(string action, string outcome)
    {
        await using var site = await AntivirusSite.StartAsync(s => new ClamStack(s) { Action = action }, RulesWithHandlers);
        var infected = await site.SendAsync(Messages.Clean("infected", Messages.Eicar));

        var mail = await site.QuarantinedAsync(infected, "virus_q");

        Assert.Contains(mail.Events, e => e.What == outcome);
    }

    [Fact]
    public async Task A_mail_that_comes_back_without_proof_is_not_delivered()
    {
        await using var site = await AntivirusSite.StartAsync(s => new ClamStack(s) { ExtraConf = "Header:" });
        var id = await site.SendAsync(Messages.Clean("unproven"));

        var mail = await site.QuarantinedAsync(id, "delegation");

        Assert.Equal("unscanned: it came back without X-Virus-Scanned or X-Virus-Infected", mail.Mail.Reason);
    }
}
