using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.InAndOut;

/// <summary>What rules say of recipients and of a whole mail, as it is seen where the mail ends.</summary>
public sealed class TransportRuleTests
{
    [Fact]
    public async Task Each_recipient_is_served_as_the_rules_say_and_the_one_that_is_disabled_not_at_all()
    {
        const string Rules = """
            #{
                postq: [ action "others" || { bcc("copy@example.net"); remove_rcpt_envelop("gone@example.com") } ],
                delivery: [ action "ways" || {
                    maildir_all();
                    forward("far@example.com", "127.0.0.1:@FAR@");
                    disable_delivery("off@example.com");
                    deliver("copy@example.net");
                } ],
            }
            """;
        using var farSite = new TestSite();                    // for a port more
        await using var far = new ScriptedServer(farSite.RelayPort);
        await using var site = await RunningSite.StartAsync(Rules.Replace("@FAR@", $"{farSite.RelayPort}", StringComparison.Ordinal));

        var id = await site.SendAsync(Messages.Clean("ways"), "john@example.org", "jane@example.com", "far@example.com", "off@example.com", "gone@example.com");
        await site.Server.WaitForAsync(id, "delivered");

        Assert.Equal(["far@example.com"], Assert.Single(far.Mails).Recipients);
        Assert.Equal(["copy@example.net"], Assert.Single(site.Relay.Mails).Recipients);
        Assert.Single(Directory.GetFiles(Path.Combine(site.Site.MailFolder, "example.com", "jane", "new")));
        Assert.Equal(["jane"], Directory.GetDirectories(Path.Combine(site.Site.MailFolder, "example.com")).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_mail_whose_recipients_are_all_disabled_is_dead_and_leaves_nowhere()
    {
        await using var site = await RunningSite.StartAsync("#{ delivery: [ action \"nobody\" || disable_delivery_all() ] }");

        var id = await site.SendAsync(Messages.Clean("nobody"), "john@example.org", "jane@example.com", "joe@example.com");
        await site.Server.WaitForAsync(id, "dead");

        Assert.Empty(site.Relay.Mails);
    }

    [Fact]
    public async Task Accept_ends_its_stage_and_faccept_all_later_ones_too()
    {
        const string Rules = """
            #{
                mail: [
                    rule "known" || if mail_from().local_part == "boss" { faccept("250 2.1.0 as you wish") } else { accept("250 2.1.0 welcome") },
                    rule "never" || deny(),
                ],
                rcpt: [ rule "all" || info("550 5.7.1 not here") ],
                postq: [ rule "late" || deny() ],
            }
            """;
        await using var site = await RunningSite.StartAsync(Rules);
        using var smtp = await RawSmtp.OpenAsync(site.Site.ClientPort);

        Assert.StartsWith("250 2.1.0 welcome", await smtp.AskAsync("MAIL FROM:<john@example.org>"), StringComparison.Ordinal);
        Assert.StartsWith("550 5.7.1 not here", await smtp.AskAsync("RCPT TO:<jane@example.com>"), StringComparison.Ordinal);
        Assert.StartsWith("250", await smtp.AskAsync("RSET"), StringComparison.Ordinal);
        Assert.StartsWith("250 2.1.0 as you wish", await smtp.AskAsync("MAIL FROM:<boss@example.org>"), StringComparison.Ordinal);
        Assert.StartsWith("250", await smtp.AskAsync("RCPT TO:<jane@example.com>"), StringComparison.Ordinal);
        var reply = await smtp.SendDataAsync(Messages.Clean("forced"));

        await site.DeliveredAsync(RawSmtp.IdOf(reply), "forced");
    }
}
