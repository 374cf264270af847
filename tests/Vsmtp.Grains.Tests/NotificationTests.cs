using Vsmtp.Contracts.Mail;
using Vsmtp.Grains.Mail;

namespace Vsmtp.Grains.Tests;

/// <summary>What a sender is told, and when nobody is (RFC 3461, RFC 3464).</summary>
public sealed class NotificationTests
{
    private const string NoBob = "550 5.1.1 no bob";

    private static Task<TestSilo> StartAsync(MailHost host, string more = "", MailGrainOptions? options = null) => TestSilo.StartAsync(
        "#{}", $"relayhost = \"{host.Place}\"\n{more}", options ?? new MailGrainOptions { ServerName = "mx.example.com" });

    private static async Task<string> SendAsync(TestSilo silo, string sender, string? notify, params string[] recipients)
    {
        var id = MailId.Create(TimeProvider.System);
        var offer = silo.Offer();
        Assert.Equal(AcceptAnswer.Accepted, await silo.Mail(id).Accept(offer with
        {
            Envelope = offer.Envelope with
            {
                Sender = sender,
                EnvelopeId = "job+2B1",
                Recipients = [.. recipients.Select(address => new MailRecipient { Address = address, Transport = TransportKind.Deliver, Notify = notify })],
            },
        }));
        return id;
    }

    [Fact]
    public async Task A_refusal_for_good_bounces_to_the_sender_and_the_mail_has_ended()
    {
        await using var host = new MailHost().Refuse("bob@b.example", NoBob);
        await using var silo = await StartAsync(host);
        var id = await SendAsync(silo, "john@example.org", notify: null, "bob@b.example");
        var mail = await silo.WaitForAsync(id, "bounced");
        Assert.Contains("no bob", mail.Summary.Reason, StringComparison.Ordinal);
        Assert.Equal((RecipientStatus.Bounced, null), (mail.State.Envelope.Recipients[0].Status, mail.State.Notification));
        Assert.Contains(mail.Events, one => one.What == "notified" && one.Why.Contains("<john@example.org> of <bob@b.example>", StringComparison.Ordinal));

        var bounce = host.Next();
        Assert.Equal(("", "john@example.org"), (bounce.Sender, bounce.Recipients));
        Assert.Contains("Final-Recipient: rfc822; bob@b.example\r\nAction: failed\r\nStatus: 5.1.1\r\n", bounce.Message, StringComparison.Ordinal);
        Assert.Contains("Diagnostic-Code: smtp; 550 5.1.1 no bob\r\n", bounce.Message, StringComparison.Ordinal);
        Assert.Contains("Original-Envelope-Id: job+1\r\n", bounce.Message, StringComparison.Ordinal);
        Assert.Contains("\r\nSubject: hello\r\n", bounce.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("All is well", bounce.Message, StringComparison.Ordinal);

        var counts = await silo.Queries.CountAsync(CancellationToken.None);
        Assert.Equal((1, 0), (counts["total/bounced"], counts["dead"]));
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("john@example.org", "NEVER")]
    [InlineData("john@example.org", "SUCCESS,DELAY")]
    public async Task Where_nobody_is_to_be_told_the_mail_is_dead_and_an_operator_sees_it(string sender, string? notify)
    {
        await using var host = new MailHost().Refuse("bob@b.example", NoBob);
        await using var silo = await StartAsync(host);
        var mail = await silo.WaitForAsync(await SendAsync(silo, sender, notify, "bob@b.example"), "dead");
        Assert.Contains("no bob", mail.Summary.Reason, StringComparison.Ordinal);
        Assert.Single(await silo.Queries.ListAsync(null, 10, CancellationToken.None));
        Assert.Empty(host.Taken);
    }

    [Theory]
    [InlineData("SUCCESS", true)]
    [InlineData("FAILURE", true)]
    [InlineData("SUCCESS", false)]
    [InlineData(null, false)]
    public async Task Who_asks_is_told_of_success_by_the_last_server_that_can(string? notify, bool hasDsn)
    {
        await using var host = hasDsn ? new MailHost("DSN") : new MailHost();
        await using var silo = await StartAsync(host);
        await silo.WaitForAsync(await SendAsync(silo, "john@example.org", notify, "bob@b.example"), "delivered");
        Assert.Equal("john@example.org", host.Next().Sender);
        if (notify == "SUCCESS" && !hasDsn)
        {
            var told = host.Next();
            Assert.Equal(("", "john@example.org"), (told.Sender, told.Recipients));
            Assert.Contains("Action: relayed\r\nStatus: 2.0.0\r\n", told.Message, StringComparison.Ordinal);
        }

        Assert.Equal(notify == "SUCCESS" && !hasDsn ? 2 : 1, (await silo.Queries.CountAsync(CancellationToken.None))["total/accepted"]);
    }

    [Fact]
    public async Task A_mailbox_says_delivered()
    {
        await using var host = new MailHost();
        await using var silo = await StartAsync(host);
        var id = MailId.Create(TimeProvider.System);
        var offer = silo.Offer();
        await silo.Mail(id).Accept(offer with { Envelope = offer.Envelope with { Recipients = [offer.Envelope.Recipients[0] with { Notify = "SUCCESS" }] } });
        await silo.WaitForAsync(id, "delivered");
        Assert.Contains("Action: delivered\r\n", host.Next().Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_sender_is_told_of_one_while_another_is_tried_on_and_RET_is_honoured()
    {
        await using var host = new MailHost().Refuse("bob@b.example", NoBob).Refuse("kim@b.example", "450 4.2.2 full", "450 4.2.2 full");
        await using var silo = await StartAsync(host, "[server.queues.delivery]\ndeferred_retry_period = \"100ms\"\n");
        var id = MailId.Create(TimeProvider.System);
        var offer = silo.Offer();
        await silo.Mail(id).Accept(offer with
        {
            Envelope = offer.Envelope with
            {
                Return = "FULL",
                Recipients = [.. new[] { "bob@b.example", "kim@b.example" }.Select(to => new MailRecipient { Address = to, Transport = TransportKind.Deliver })],
            },
        });
        var bounce = host.Next();
        Assert.DoesNotContain("kim@", bounce.Message, StringComparison.Ordinal);
        Assert.Contains("Content-Type: message/rfc822", bounce.Message, StringComparison.Ordinal);
        Assert.Contains("\r\n\r\nAll is well.\r\n", bounce.Message, StringComparison.Ordinal);
        Assert.Equal("kim@b.example", host.Next().Recipients);
        var mail = await silo.WaitForAsync(id, "bounced");
        Assert.Equal([RecipientStatus.Bounced, RecipientStatus.Delivered], mail.State.Envelope.Recipients.Select(to => to.Status));
    }

    [Fact]
    public async Task A_mail_that_is_given_up_bounces_with_the_last_reason()
    {
        await using var host = new MailHost().Refuse("bob@b.example", "450 4.2.2 full");
        await using var silo = await StartAsync(host, "[server.queues.delivery]\ndeferred_retry_max = 1\n");
        await silo.WaitForAsync(await SendAsync(silo, "john@example.org", notify: null, "bob@b.example"), "bounced");
        var bounce = host.Next();
        Assert.Contains("Action: failed\r\nStatus: 4.2.2\r\n", bounce.Message, StringComparison.Ordinal);
        Assert.Contains("given up after the last retry", bounce.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, true, 1)]
    [InlineData(null, false, 0)]
    [InlineData("DELAY", false, 1)]
    [InlineData("FAILURE", true, 0)]
    public async Task A_delay_is_told_once_and_to_who_wants_to_know(string? notify, bool warnsUnasked, int warnings)
    {
        await using var host = new MailHost().Refuse("bob@b.example", "450 4.2.2 full", "450 4.2.2 full", "450 4.2.2 full");
        await using var silo = await StartAsync(
            host, "[server.queues.delivery]\ndeferred_retry_period = \"50ms\"\n",
            new MailGrainOptions { ServerName = "mx.example.com", WarnAfter = TimeSpan.Zero, WarnsUnasked = warnsUnasked });
        await silo.WaitForAsync(await SendAsync(silo, "john@example.org", notify, "bob@b.example"), "delivered");
        var taken = Enumerable.Range(0, warnings + 1).Select(_ => host.Next()).ToList();
        Assert.Equal(warnings, taken.Count(mail => mail.Message.Contains("Action: delayed\r\nStatus: 4.2.2\r\n", StringComparison.Ordinal)));
        Assert.Equal(warnings + 1, (await silo.Queries.CountAsync(CancellationToken.None))["total/accepted"]);
    }

    [Fact]
    public async Task A_delay_is_of_class_4_though_the_host_wanted_none_of_us_for_good()
    {
        await using var host = new MailHost();
        var isGreeted = false;
        host.Instead = (to, _) => to == "CONNECT" && !isGreeted ? "554 5.7.1 not you" : null;
        await using var silo = await StartAsync(
            host, "[server.queues.delivery]\ndeferred_retry_period = \"100ms\"\n",
            new MailGrainOptions { ServerName = "mx.example.com", WarnAfter = TimeSpan.Zero, WarnsUnasked = true });
        var id = await SendAsync(silo, "john@example.org", notify: null, "bob@b.example");
        Assert.Equal("5.7.1", (await silo.WaitForAsync(id, "deferred")).State.Envelope.Recipients[0].Failure!.Status);
        isGreeted = true;
        await silo.WaitForAsync(id, "delivered");
        var delay = new[] { host.Next(), host.Next() }.Single(mail => mail.Sender.Length == 0).Message;
        Assert.Contains("Action: delayed\r\nStatus: 4.7.1\r\n", delay, StringComparison.Ordinal);
        Assert.Contains("Diagnostic-Code: smtp; 554 5.7.1 not you\r\n", delay, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bounce_that_bounces_goes_to_the_postmaster_and_no_further()
    {
        await using var host = new MailHost().Refuse("bob@b.example", NoBob).Refuse("john@example.org", "550 5.1.1 no john")
            .Refuse("root@example.com", "550 5.1.1 no root");
        await using var silo = await StartAsync(host, options: new MailGrainOptions { ServerName = "mx.example.com", Postmaster = "root@example.com" });
        await silo.WaitForAsync(await SendAsync(silo, "john@example.org", notify: null, "bob@b.example"), "bounced");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await silo.Queries.CountAsync(patience.Token)) is var counts && (counts["total/bounced"], counts["dead"]) != (2, 1)) await Task.Delay(20, patience.Token);
        var dead = Assert.Single(await silo.Queries.ListAsync("dead", 10, CancellationToken.None));
        Assert.Equal(("", "root@example.com"), (dead.Sender, Assert.Single(dead.Recipients)));
        Assert.Empty(host.Taken);
    }

    [Fact]
    public async Task A_notification_that_is_offered_again_is_accepted_once()
    {
        await using var host = new MailHost();
        await using var silo = await StartAsync(host);
        var id = MailId.Create(TimeProvider.System);
        await silo.StopDeliveriesAsync();
        var offer = silo.Offer();
        await silo.Mail(id).Accept(offer with { Envelope = offer.Envelope with { Recipients = [offer.Envelope.Recipients[0] with { Transport = TransportKind.Deliver }] } });
        await silo.WaitForAsync(id, "deliver");
        // As a crash leaves it: the outcome is committed, and whether the notification was accepted is not known.
        var told = MailId.Create(TimeProvider.System);
        var pending = new PendingNotification { Id = told, To = "john@example.org", Recipients = ["jane@example.com"] };
        MailState Crashed(MailState state) => state with
        {
            Phase = MailPhase.Deliver,
            Attempts = 1,
            Notification = pending,
            Envelope = state.Envelope with { Recipients = [state.Envelope.Recipients[0] with { Status = RecipientStatus.Failed, LastResult = "said: 550 no" }] },
        };
        await silo.ChangeAsync(id, Crashed);
        // Its grain learns that it is behind the store.
        await Assert.ThrowsAnyAsync<Exception>(
            () => silo.Mail(id).Attempted(new DeliveryReport(1, [new RecipientReport("jane@example.com", DeliveryResult.Delivered, "250 ok")])));
        await silo.WakeAsync(id);
        await silo.WaitForAsync(id, "bounced");
        Assert.Equal(2, (await silo.Queries.CountAsync(CancellationToken.None))["total/accepted"]);
        Assert.Single((await silo.WaitForAsync(told, "deliver")).Events, one => one.What == "accepted");
        Assert.Equal(AcceptAnswer.Accepted, await silo.Mail(told).Accept(silo.Offer()));
        Assert.Equal(2, (await silo.Queries.CountAsync(CancellationToken.None))["total/accepted"]);
    }
}
