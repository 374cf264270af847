using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Delegation;

/// <summary>More than one visit to services, and what rules change around them.</summary>
public sealed class SeveralDelegationsTests
{
    private const string ThreeVisits = """
        import "service" as service;

        #{
            postq: [
                action "before" || prepend_header("X-Before", "1"),
                delegate service::clamsmtpd "first" || { append_header("X-After-First", "1"); next() },
                action "between" || append_header("X-Between", "1"),
                delegate service::clamsmtpd "second" || { append_header("X-After-Second", "1"); next() },
            ],
            delivery: [
                delegate service::clamsmtpd "third" || { append_header("X-After-Third", "1"); next() },
                action "last" || append_header("X-Last", "1"),
            ],
        }
        """;

    [Fact]
    public async Task Three_visits_follow_one_another_and_each_rule_runs_once()
    {
        await using var site = await RunningSite.StartAsync(ThreeVisits, "verdict_headers: [\"X-Score\"],");
        site.Service.OnMail = async mail => await site.Returning.ReturnAsync(mail, Messages.WithHeader(mail.Text, "X-Score", "9"));
        var id = await site.SendAsync(Messages.Clean("three visits"));
        var delivered = await site.DeliveredAsync(id, "three visits");

        var visits = site.Service.Seen.ToArray();
        Assert.Equal(
            ["first", "second", "third"], visits.Select(mail => mail.Header("X-VSMTP-DELEGATION")!.Split("directive=\"")[1].Split('"')[0]));
        Assert.Equal(3, visits.Select(mail => mail.Ticket).Distinct().Count());
        Assert.All(visits, mail => Assert.Equal(1, CountOf(mail, "X-VSMTP-DELEGATION")));
        // What a service said is not told to the next one: it would take it for its own.
        Assert.All(visits, mail => Assert.Equal(0, CountOf(mail, "X-Score")));
        string[] added = ["X-Before", "X-After-First", "X-Between", "X-After-Second", "X-After-Third", "X-Last"];
        Assert.Equal([1, 0, 0, 0, 0, 0], added.Select(name => CountOf(visits[0], name)));
        Assert.Equal([1, 1, 1, 0, 0, 0], added.Select(name => CountOf(visits[1], name)));
        Assert.Equal([1, 1, 1, 1, 0, 0], added.Select(name => CountOf(visits[2], name)));
        Assert.Equal([1, 1, 1, 1, 1, 1], added.Select(name => CountOf(delivered, name)));
        Assert.Equal((1, 0), (CountOf(delivered, "X-Score"), CountOf(delivered, "X-VSMTP-DELEGATION")));
    }

    [Fact]
    public async Task A_late_return_of_the_first_visit_does_not_resume_the_second()
    {
        await using var site = await RunningSite.StartAsync(ThreeVisits, "");
        var id = await site.SendAsync(Messages.Clean("late"));
        await Patience.UntilAsync(() => site.Service.Mails.Count == 1, "the first visit");
        Assert.StartsWith("250", await site.Returning.ReturnAsync(site.Service.Mails.ElementAt(0)));
        await Patience.UntilAsync(() => site.Service.Mails.Count == 2, "the second visit");

        Assert.StartsWith("250", await site.Returning.ReturnAsync(site.Service.Mails.ElementAt(0)));
        await Patience.UntilAsync(async () => (await site.Server.Api.FindAsync(id))!.Events.Any(e => e.What == "discarded"), "the late one discarded");
        Assert.Equal("delegated", (await site.Server.Api.FindAsync(id))!.Mail.Queue);
        Assert.Equal(2, site.Service.Mails.Count);

        Assert.StartsWith("250", await site.Returning.ReturnAsync(site.Service.Mails.ElementAt(1)));
        await Patience.UntilAsync(() => site.Service.Mails.Count == 3, "the third visit");
        Assert.StartsWith("250", await site.Returning.ReturnAsync(site.Service.Mails.ElementAt(2)));
        await site.DeliveredAsync(id, "late");
    }

    [Fact]
    public async Task The_context_of_the_client_is_in_force_after_the_return()
    {
        const string Rules = """
            import "service" as service;

            #{
                mail: [ action "mark" || rewrite_mail_from_envelop("marked@example.org") ],
                postq: [
                    delegate service::clamsmtpd "scan" || {
                        append_header("X-Context", `${helo()} ${client_ip()} ${mail_from()} ${rcpt_list().len()}`);
                        forward_all("127.0.0.1:@RELAY@");
                        next()
                    },
                ],
                delivery: [
                    rule "who" || {
                        append_header("X-At-Delivery", `${helo()} ${mail_from()}`);
                        next()
                    },
                ],
            }
            """;
        using var relaySite = new TestSite();                  // for a port more
        await using var far = new ScriptedServer(relaySite.RelayPort);
        await using var site = await RunningSite.StartAsync(
            Rules.Replace("@RELAY@", $"{relaySite.RelayPort}", StringComparison.Ordinal), "");
        site.Service.OnMail = async mail => await site.Returning.ReturnAsync(
            ["MAIL FROM:<scanner@localhost> ENVID=" + mail.MailParameter("ENVID"), "RCPT TO:<scanner@localhost>"], mail.Text);
        var id = await site.SendAsync(Messages.Clean("context"), "john@example.org", "jane@example.com", "joe@example.com");
        await site.Server.WaitForAsync(id, "delivered");

        var mail = Assert.Single(far.Mails);
        Assert.Equal("client.example.org 127.0.0.1 marked@example.org 2", mail.Header("X-Context"));
        Assert.Equal("client.example.org marked@example.org", mail.Header("X-At-Delivery"));
        Assert.Equal(["jane@example.com", "joe@example.com"], mail.Recipients);
        Assert.Equal("marked@example.org", mail.Sender);
    }

    [Fact]
    public async Task A_release_goes_through_the_rules_of_delivery_and_not_again_through_those_before()
    {
        const string Rules = """
            import "service" as service;

            #{
                postq: [
                    delegate service::clamsmtpd "scan" || next(),
                    action "after the scan" || append_header("X-After-Scan", "1"),
                ],
                delivery: [ action "at delivery" || append_header("X-At-Delivery", "1") ],
            }
            """;
        await using var site = await RunningSite.StartAsync(Rules, "");
        site.Service.Answer("550 5.7.1 Not for me");
        var id = await site.SendAsync(Messages.Clean("let go"), "john@example.org", "jane@example.com", "joe@example.com");
        await site.Server.WaitForAsync(id, "quarantine/delegation");

        Assert.Equal(0, (await site.RunAsync("quarantine", "release", id)).Code);
        var delivered = await site.DeliveredAsync(id, "let go");
        Assert.Equal((0, 1, 0), (CountOf(delivered, "X-After-Scan"), CountOf(delivered, "X-At-Delivery"), CountOf(delivered, "X-VSMTP-DELEGATION")));
        Assert.Equal(["jane@example.com", "joe@example.com"], delivered.Recipients);
        Assert.Single(site.Service.Seen);
    }

    [Fact]
    public async Task Rules_that_delegate_a_mail_for_ever_are_stopped_after_25_visits()
    {
        static string Visits(string stage) => string.Concat(Enumerable.Range(1, 13).Select(i => $"delegate service::clamsmtpd \"{stage} {i}\" || next(),\n"));
        await using var site = await RunningSite.StartAsync(
            $$"""
            import "service" as service;
            #{ postq: [ {{Visits("postq")}} ], delivery: [ {{Visits("delivery")}} ] }
            """,
            "");
        site.Service.OnMail = async mail => await site.Returning.ReturnAsync(mail);
        var id = await site.SendAsync(Messages.Clean("round and round"));
        var mail = await site.Server.WaitForAsync(id, "quarantine/delegation");

        Assert.Contains("failed: the rules delegated it more than 25 times", mail.Mail.Reason);
        Assert.Equal(25, site.Service.Mails.Count);
        Assert.Empty(site.Relay.Seen);
    }

    private static int CountOf(ReceivedMail mail, string header) =>
        mail.Text[..mail.Text.IndexOf("\r\n\r\n", StringComparison.Ordinal)].Split("\r\n")
            .Count(line => line.StartsWith(header + ":", StringComparison.OrdinalIgnoreCase));
}
