using Vsmtp.Contracts.Mail;
using Vsmtp.Grains.Mail;

namespace Vsmtp.Grains.Tests;

public sealed class MailGrainTests
{
    [Fact]
    public async Task A_mail_that_no_rule_minds_is_delivered_and_its_history_tells_each_step()
    {
        await using var silo = await TestSilo.StartAsync("#{}");
        var id = MailId.Create(TimeProvider.System);
        await silo.Mail(id).Accept(silo.Offer());
        var mail = await silo.WaitForAsync(id, "delivered");
        Assert.Equal(["accepted", "delivered", "ended"], mail.Events.Select(e => e.What));
        Assert.Single(Directory.EnumerateFiles(silo.MailFolder, "*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("#{}", "2")]
    [InlineData("#{ postq: [ rule \"any\" || next() ] }", "3")]
    [InlineData("#{ delivery: [ rule \"any\" || next() ] }", "3")]
    public async Task Acceptance_is_a_commit_of_its_own_where_a_rule_stands_behind_it(string rules, string commits)
    {
        await using var silo = await TestSilo.StartAsync(rules);
        var id = MailId.Create(TimeProvider.System);
        await silo.Mail(id).Accept(silo.Offer());
        await silo.WaitForAsync(id, "delivered");
        Assert.Equal(commits, await silo.VersionAsync(id));
    }

    [Fact]
    public async Task Accept_twice_under_one_id_is_one_mail()
    {
        await using var silo = await TestSilo.StartAsync("#{}");
        var id = MailId.Create(TimeProvider.System);
        var offer = silo.Offer();
        await Task.WhenAll(silo.Mail(id).Accept(offer), silo.Mail(id).Accept(offer));
        await silo.Mail(id).Accept(offer);
        await silo.WaitForAsync(id, "delivered");
        Assert.Single(Directory.EnumerateFiles(silo.MailFolder, "*", SearchOption.AllDirectories));
        Assert.Equal(1, (await silo.Queries.CountAsync(CancellationToken.None))["total/accepted"]);
    }

    [Fact]
    public async Task What_a_rule_denies_after_the_250_is_dead_with_its_reason_and_its_line()
    {
        await using var silo = await TestSilo.StartAsync("#{\n postq: [\n  rule \"no\" || deny(\"554 5.7.1 not here\")\n ]\n}");
        var id = MailId.Create(TimeProvider.System);
        await silo.Mail(id).Accept(silo.Offer());
        var mail = await silo.WaitForAsync(id, "dead");
        Assert.Contains("5", mail.Summary.Reason);
        Assert.StartsWith("main.vsl:3:", mail.State.Source);
    }

    [Fact]
    public async Task A_script_error_is_no_verdict_but_quarantine()
    {
        await using var silo = await TestSilo.StartAsync("#{ postq: [ rule \"broken\" || { let x = 1 / 0; next() } ] }");
        var id = MailId.Create(TimeProvider.System);
        await silo.Mail(id).Accept(silo.Offer());
        var mail = await silo.WaitForAsync(id, "quarantine/script-error");
        Assert.NotEmpty(mail.Summary.Reason);
    }

    [Fact]
    public async Task A_released_mail_goes_through_the_rules_of_delivery_and_not_again_through_postq()
    {
        await using var silo = await TestSilo.StartAsync(
            "#{ postq: [ rule \"aside\" || quarantine(\"look\") ], delivery: [ action \"mark\" || append_header(\"X-Seen\", \"yes\") ] }");
        var id = MailId.Create(TimeProvider.System);
        await silo.Mail(id).Accept(silo.Offer());
        await silo.WaitForAsync(id, "quarantine/look");
        Assert.True((await silo.Mail(id).Release()).IsDone);
        var mail = await silo.WaitForAsync(id, "delivered");
        Assert.Single(mail.Events, e => e.Directive == "postq \"aside\"" && e.What == "rule");
        var delivered = await File.ReadAllTextAsync(Directory.EnumerateFiles(silo.MailFolder, "*", SearchOption.AllDirectories).Single());
        Assert.Contains("X-Seen: yes\r\n", delivered);
    }

    [Fact]
    public async Task A_mail_that_the_rules_of_delivery_set_aside_does_not_come_back_there_when_released()
    {
        await using var silo = await TestSilo.StartAsync("#{ delivery: [ rule \"aside\" || quarantine(\"late\") ] }");
        var id = MailId.Create(TimeProvider.System);
        await silo.Mail(id).Accept(silo.Offer());
        await silo.WaitForAsync(id, "quarantine/late");
        Assert.True((await silo.Mail(id).Release()).IsDone);
        await silo.WaitForAsync(id, "delivered");
    }

    [Fact]
    public async Task A_removed_mail_has_no_content_and_cannot_be_released()
    {
        await using var silo = await TestSilo.StartAsync("#{}");
        var id = MailId.Create(TimeProvider.System);
        await silo.Mail(id).Accept(silo.Offer(quarantine: "before"));
        await silo.WaitForAsync(id, "quarantine/before");
        Assert.True((await silo.Mail(id).Remove()).IsDone);
        await silo.WaitForAsync(id, "removed");
        Assert.False((await silo.Mail(id).Release()).IsDone);
        Assert.False((await silo.Mail(id).Remove()).IsDone);
    }

    [Fact]
    public async Task A_made_up_id_takes_no_ticket_and_obeys_no_operator()
    {
        await using var silo = await TestSilo.StartAsync("#{}");
        var mail = silo.Mail(MailId.Create(TimeProvider.System));
        var returned = new DelegationReturn { TicketHash = new string('0', 64), Content = TestSilo.ContentOf([1, 2, 3]), Peer = "192.0.2.9:1" };
        Assert.Equal(ReturnAnswer.Unknown, await mail.Return(returned));
        Assert.False((await mail.Release()).IsDone);
        await mail.LetGo(new string('0', 64), TimeProvider.System.GetUtcNow());
        await mail.Sent(new DelegationReport(1, DelegationSendResult.Accepted, "250 Ok"));
        await mail.Attempted(new DeliveryReport(1, []));
        Assert.DoesNotContain(await silo.Queries.CountAsync(CancellationToken.None), count => count.Value != 0);
    }

    [Fact]
    public async Task A_service_that_nobody_answers_for_leaves_the_mail_visible_in_delegated_and_late_reports_change_nothing()
    {
        await using var silo = await TestSilo.StartAsync(TestSilo.UnreachableService);
        var id = MailId.Create(TimeProvider.System);
        await silo.Mail(id).Accept(silo.Offer());
        var mail = await silo.WaitForAsync(id, "delegated");
        while (mail.State.Visits[0].Step is not DelegationStep.Retrying) mail = await silo.WaitForAsync(id, "delegated");
        Assert.Contains("unreachable", mail.Summary.Reason, StringComparison.Ordinal);

        await silo.Mail(id).Sent(new DelegationReport(mail.State.Visits[0].Serial, DelegationSendResult.Accepted, "250 late"));
        await silo.Mail(id).Sent(new DelegationReport(99, DelegationSendResult.Rejected, "550 of another life"));
        await silo.Mail(id).Attempted(new DeliveryReport(1, []));
        var after = await silo.WaitForAsync(id, "delegated");
        Assert.Equal(mail.Events.Length, after.Events.Length);
    }

    [Fact]
    public async Task A_recipient_that_was_not_tried_because_the_process_ended_is_not_given_up()
    {
        await using var silo = await TestSilo.StartAsync("#{}", "relayhost = \"127.0.0.1:1\"\n[server.queues.delivery]\ndeferred_retry_max = 1\n");
        var id = MailId.Create(TimeProvider.System);
        var offer = silo.Offer();
        // Nobody is at the relay host, and with one attempt allowed it is given up.
        var waiting = new MailRecipient { Address = "jane@example.com", Transport = TransportKind.Deliver };
        await silo.Mail(id).Accept(offer with { Envelope = offer.Envelope with { Recipients = [waiting] } });
        await silo.WaitForAsync(id, "bounced");

        // Cut short: a report that does not speak of her.
        var cut = MailId.Create(TimeProvider.System);
        await silo.StopDeliveriesAsync();
        await silo.Mail(cut).Accept(offer with { Content = silo.Offer().Content, Envelope = offer.Envelope with { Recipients = [waiting] } });
        await silo.WaitForAsync(cut, "deliver");
        await silo.Mail(cut).Attempted(new DeliveryReport(1, [new RecipientReport("other@example.com", DeliveryResult.Delivered, "250 ok")]));
        var mail = await silo.WaitForAsync(cut, "deferred");
        Assert.Equal(RecipientStatus.Waiting, Assert.Single(mail.State.Envelope.Recipients).Status);
        Assert.True(mail.State.WakeAt > DateTimeOffset.UtcNow);
    }

    [Fact]
    public async Task A_mail_whose_rules_left_it_no_recipient_is_not_sent_to_a_service()
    {
        await using var silo = await TestSilo.StartAsync("""
            service scanner smtp = #{ delegator: #{ address: "127.0.0.1:1", timeout: "2s" }, receiver: "127.0.0.1:2" };
            #{ postq: [ action "nobody" || remove_rcpt_envelop("jane@example.com"), delegate scanner "scan" || next() ] }
            """);
        var id = MailId.Create(TimeProvider.System);
        await silo.Mail(id).Accept(silo.Offer());
        var mail = await silo.WaitForAsync(id, "dead");
        Assert.Contains("no recipient", mail.Summary.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_tickets_of_a_service_that_is_tried_for_ever_are_bounded()
    {
        await using var silo = await TestSilo.StartAsync("""
            service scanner smtp = #{ delegator: #{ address: "127.0.0.1:1", timeout: "2s" }, receiver: "127.0.0.1:2", retry: #{ first: "10ms", max: "10ms", give_up: "2h" } };
            #{ postq: [ delegate scanner "scan" || next() ] }
            """, grainOptions: new MailGrainOptions { MaxSpentTickets = 2 });
        var id = MailId.Create(TimeProvider.System);
        await silo.Mail(id).Accept(silo.Offer());
        var mail = await silo.WaitForAsync(id, "delegated");
        while (mail.State.Visits[0].Attempt < 4) mail = await silo.WaitForAsync(id, "delegated");
        Assert.Equal(2, mail.State.Visits[0].TicketHashes.Length);
    }

    [Fact]
    public async Task A_service_that_brings_a_mail_back_for_ever_fills_no_history()
    {
        await using var silo = await TestSilo.StartAsync(TestSilo.UnreachableService);
        var id = MailId.Create(TimeProvider.System);
        await silo.Mail(id).Accept(silo.Offer());
        var mail = await silo.WaitForAsync(id, "delegated");
        var returned = new DelegationReturn
        {
            TicketHash = mail.State.Visits[0].TicketHashes[0],
            Content = TestSilo.ContentOf("Subject: back\r\n\r\n"u8.ToArray()),
            Peer = "127.0.0.1:1",
        };
        Assert.Equal(ReturnAnswer.Resumed, await silo.Mail(id).Return(returned));
        await silo.WaitForAsync(id, "delivered");

        for (var i = 0; i < 40; i++)
        {
            var again = returned with { Content = TestSilo.ContentOf("Subject: back\r\n\r\n"u8.ToArray()) };
            Assert.Equal(ReturnAnswer.Discarded, await silo.Mail(id).Return(again));
        }

        var ended = await silo.WaitForAsync(id, "delivered");
        Assert.Equal(16, ended.Events.Count(e => e.What == "discarded"));
    }

    [Fact]
    public async Task Counters_add_up_to_what_is_in_the_queues()
    {
        await using var silo = await TestSilo.StartAsync(
            "#{ postq: [ rule \"by subject\" || switch get_header(\"Subject\") { \"a\" => quarantine(\"q\"), \"b\" => deny(), _ => next() } ] }");
        var ids = new List<(string Id, string Queue)>();
        foreach (var (subject, queue) in new[] { ("a", "quarantine/q"), ("b", "dead"), ("c", "delivered"), ("a", "quarantine/q") })
        {
            var id = MailId.Create(TimeProvider.System);
            await silo.Mail(id).Accept(silo.Offer($"Subject: {subject}\r\n\r\n\r\n"));
            ids.Add((id, queue));
        }

        foreach (var (id, queue) in ids) await silo.WaitForAsync(id, queue);
        var counts = await silo.Queries.CountAsync(CancellationToken.None);
        Assert.Equal(4, counts["total/accepted"]);
        Assert.Equal(2, counts["quarantine/q"]);
        Assert.Equal(1, counts["dead"]);
        Assert.Equal(1, counts["total/delivered"]);
        Assert.Equal(0, counts["working"] + counts["deliver"] + counts["deferred"] + counts["delegated"]);
    }
}
