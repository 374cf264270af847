using Orleans.Storage;
using Vsmtp.Contracts.Mail;
using Vsmtp.Grains.Mail;

namespace Vsmtp.Grains.Tests;

/// <summary>Mails whose clients wait for a verdict (docs/design/011-preq-delegation.md): accepted by the gateway's word alone, and once.</summary>
public sealed class OfferTests
{
    private static readonly MailGrainOptions LongPolls = new() { VerdictPause = TimeSpan.FromMinutes(10) };

    [Fact]
    public async Task An_offer_that_is_repeated_is_made_once()
    {
        await using var silo = await StartAsync();
        var (id, offer) = (MailId.Create(TimeProvider.System), new OfferMail(silo.Offer(), "scan"));
        Assert.Equal(OfferStanding.Open, (await silo.Mail(id).Offer(offer)).Standing);
        Assert.Equal(OfferStanding.Open, (await silo.Mail(id).Offer(offer)).Standing);

        var mail = await silo.WaitForAsync(id, "offered");
        Assert.Single(mail.Events, e => e.What == "offered");
        Assert.Single(mail.Events, e => e.What == "delegated");
        Assert.Equal(AcceptAnswer.Withdrawn, await silo.Mail(id).Accept(silo.Offer()));   // not by this door
    }

    [Fact]
    public async Task An_offer_for_a_directive_that_nobody_knows_leaves_nothing()
    {
        await using var silo = await StartAsync();
        var id = MailId.Create(TimeProvider.System);
        foreach (var offer in (OfferMail[])[new(silo.Offer(), "another"), new(silo.Offer() with { RuleSet = "another" }, "scan")])
        {
            var answer = await silo.Mail(id).Offer(offer);
            Assert.Equal((OfferStanding.Refused, 451), (answer.Standing, answer.Reply?.Code));
        }

        Assert.Null(await silo.Queries.FindAsync(id, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_verdict_ends_the_wait_of_all_who_ask()
    {
        await using var silo = await StartAsync(LongPolls);
        var id = await OfferAsync(silo);
        var asking = Enumerable.Range(0, 10).Select(_ => silo.Mail(id).AwaitVerdict()).ToArray();
        Assert.Equal(OfferStanding.Open, (await silo.Mail(id).Confirm(isWaitOver: false)).Standing);   // a call behind these: they wait
        Assert.DoesNotContain(asking, poll => poll.IsCompleted);

        await ReturnAsync(silo, id, "X-Found: virus\r\n");
        var expected = new OfferAnswer(OfferStanding.Refused, new MailReply(554, "5.7.1", "Infected"), Closes: true);
        Assert.All(await Task.WhenAll(asking), answer => Assert.Equal(expected, answer));
        Assert.Equal(expected, await silo.Mail(id).AwaitVerdict());
        Assert.Equal(expected, await silo.Mail(id).Confirm(isWaitOver: true));
        Assert.Equal(expected, await silo.Mail(id).Withdraw("too late"));
    }

    [Fact]
    public async Task Who_asks_before_there_is_a_verdict_is_told_so_after_a_while()
    {
        await using var silo = await StartAsync(new MailGrainOptions { VerdictPause = TimeSpan.FromMilliseconds(50) });
        var id = await OfferAsync(silo);
        Assert.Equal(OfferStanding.Open, (await silo.Mail(id).AwaitVerdict()).Standing);
    }

    [Fact]
    public async Task What_has_passed_is_accepted_by_the_gateways_word_and_once()
    {
        await using var silo = await StartAsync(LongPolls);
        var id = await OfferAsync(silo);
        await ReturnAsync(silo, id);
        Assert.Equal(OfferStanding.Passed, (await silo.Mail(id).AwaitVerdict()).Standing);
        await silo.WaitForAsync(id, "offered");
        Assert.Equal(0, (await silo.Queries.CountAsync(TestContext.Current.CancellationToken))["total/accepted"]);

        Assert.Equal(OfferStanding.Accepted, (await silo.Mail(id).Confirm(isWaitOver: false)).Standing);
        Assert.Equal(OfferStanding.Accepted, (await silo.Mail(id).Confirm(isWaitOver: true)).Standing);
        Assert.Equal(OfferStanding.Accepted, (await silo.Mail(id).Withdraw("too late")).Standing);
        Assert.Equal(AcceptAnswer.Accepted, await silo.Acceptances.SettleAsync(id));
        var mail = await silo.WaitForAsync(id, "delivered");
        Assert.Single(mail.Events, e => e.What == "accepted");
        Assert.Equal(OfferStanding.Accepted, (await silo.Mail(id).AwaitVerdict()).Standing);
    }

    [Fact]
    public async Task What_nobody_confirms_is_withdrawn_though_it_has_passed()
    {
        await using var silo = await StartAsync(new MailGrainOptions { OfferMargin = TimeSpan.FromMilliseconds(100) }, wait: "1s");
        var id = await OfferAsync(silo);
        await ReturnAsync(silo, id);
        var mail = await silo.WaitForAsync(id, "withdrawn");
        Assert.Contains("has not come back", mail.Summary.Reason, StringComparison.Ordinal);
        Assert.Equal(OfferStanding.Refused, (await silo.Mail(id).Confirm(isWaitOver: false)).Standing);
        Assert.Empty(Directory.GetFiles(silo.MailFolder, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_return_after_the_withdrawal_is_discarded()
    {
        await using var silo = await StartAsync();
        var id = await OfferAsync(silo);
        var ticket = (await silo.WaitForAsync(id, "offered")).State.Visits[0].TicketHashes[^1];
        Assert.Equal(451, (await silo.Mail(id).Withdraw("the client is gone")).Reply?.Code);
        Assert.Equal(451, (await silo.Mail(id).Withdraw("the client is gone")).Reply?.Code);

        Assert.Equal(ReturnAnswer.Discarded, await silo.Mail(id).Return(new DelegationReturn
        {
            TicketHash = ticket,
            Content = TestSilo.ContentOf("Subject: back\r\n\r\n"u8.ToArray()),
        }));
        var mail = await silo.WaitForAsync(id, "withdrawn");
        Assert.Single(mail.Events, e => e.What == "withdrawn");
        Assert.Single(mail.Events, e => e.What == "discarded");
    }

    [Fact]
    public async Task At_the_end_of_the_wait_the_service_has_its_say_once()
    {
        await using var accepting = await StartAsync(late: "accept");
        var accepted = await OfferAsync(accepting);
        Assert.Equal(OfferStanding.Accepted, (await accepting.Mail(accepted).Confirm(isWaitOver: true)).Standing);
        Assert.Equal(OfferStanding.Accepted, (await accepting.Mail(accepted).Confirm(isWaitOver: true)).Standing);
        var asleep = await accepting.WaitForAsync(accepted, "delegated");
        Assert.Null(asleep.State.Offer);
        Assert.Single(asleep.Events, e => e.What == "accepted");
        await ReturnAsync(accepting, accepted, "X-Found: virus\r\n", "delegated");
        await accepting.WaitForAsync(accepted, "dead");

        await using var refusing = await StartAsync();
        var refused = await OfferAsync(refusing);
        var expected = new OfferAnswer(OfferStanding.Refused, new MailReply(451, "4.7.1", "Not checked for now: come again"));
        Assert.Equal(expected, await refusing.Mail(refused).Confirm(isWaitOver: true));
        Assert.Equal(expected, await refusing.Mail(refused).Confirm(isWaitOver: true));
    }

    [Fact]
    public async Task Of_a_confirmation_and_a_settlement_at_once_one_wins_and_both_know_which()
    {
        await using var silo = await StartAsync(late: "accept");
        for (var round = 0; round < 30; round++)
        {
            var id = await OfferAsync(silo);
            var confirming = Task.Run(async () => (await silo.Mail(id).Confirm(isWaitOver: true)).Standing);
            var settled = await Task.Run(() => silo.Acceptances.SettleAsync(id)) is AcceptAnswer.Accepted ? OfferStanding.Accepted : OfferStanding.Refused;
            OfferStanding? confirmed = null;
            try
            {
                confirmed = await confirming;
            }
            catch (InconsistentStateException)
            {
                // The mark was first, and the grain did not know; it does now.
            }

            Assert.Equal(settled, confirmed ?? OfferStanding.Refused);
            Assert.Equal(settled, (await silo.Mail(id).Confirm(isWaitOver: true)).Standing);
            await silo.WaitForAsync(id, settled is OfferStanding.Accepted ? "delegated" : "withdrawn");
        }
    }

    private static Task<TestSilo> StartAsync(MailGrainOptions? options = null, string wait = "4m", string late = "tempfail") => TestSilo.StartAsync($$"""
        service scanner smtp = #{
            delegator: #{ address: "127.0.0.1:1", timeout: "2s" }, receiver: "127.0.0.1:2", proof: ["X-Scanned"],
            retry: #{ first: "1h", max: "1h", give_up: "2h" }, preq_wait: "{{wait}}", preq_late: "{{late}}",
        };
        #{ preq: [ delegate scanner "scan" || if has_header("X-Found") { deny("554 5.7.1 Infected") } else { next() } ] }
        """, grainOptions: options);

    private static async Task<string> OfferAsync(TestSilo silo)
    {
        var id = MailId.Create(TimeProvider.System);
        Assert.Equal(OfferStanding.Open, (await silo.Mail(id).Offer(new OfferMail(silo.Offer(), "scan"))).Standing);
        return id;
    }

    private static async Task ReturnAsync(TestSilo silo, string id, string headers = "", string queue = "offered")
    {
        var mail = await silo.WaitForAsync(id, queue);
        Assert.Equal(ReturnAnswer.Resumed, await silo.Mail(id).Return(new DelegationReturn
        {
            TicketHash = mail.State.Visits[0].TicketHashes[^1],
            Content = TestSilo.ContentOf(System.Text.Encoding.ASCII.GetBytes($"{headers}X-Scanned: yes\r\nSubject: back\r\n\r\n")),
        }));
    }
}
