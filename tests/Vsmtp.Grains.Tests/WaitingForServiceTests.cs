using System.Net;
using System.Net.Sockets;
using Vsmtp.Contracts.Mail;
using Vsmtp.Contracts.Queues;

namespace Vsmtp.Grains.Tests;

/// <summary>Mails of a service that is down: what is committed of them, and what is not.</summary>
public sealed class WaitingForServiceTests
{
    [Fact]
    public async Task While_the_service_is_down_a_mail_waits_without_attempt_and_ticket()
    {
        await using var silo = await TestSilo.StartAsync(TestSilo.UnreachableService);
        for (var i = 0; i < 5; i++) await silo.Mail(MailId.Create(TimeProvider.System)).Accept(silo.Offer());
        // Those that came before the fifth failure, or as a probe, made an attempt; one that comes in between makes none.
        MailDetails? mail = null;
        while (mail?.Events.FirstOrDefault(e => e.What is "waiting" or "delegated") is not { What: "waiting" })
        {
            var id = MailId.Create(TimeProvider.System);
            await silo.Mail(id).Accept(silo.Offer());
            mail = await silo.WaitForAsync(id, "delegated");
        }

        Assert.Contains("scanner is down since", mail.Events.First(e => e.What == "waiting").Why, StringComparison.Ordinal);
        var visit = Assert.Single(mail.State.Visits);
        if (visit.Attempt == 0) Assert.Equal((DelegationStep.Waiting, 0, false), (visit.Step, visit.TicketHashes.Length, mail.State.IsBusy));
        Assert.True(mail.State.WakeAt > mail.State.AcceptedAt);
    }

    [Fact]
    public async Task A_call_for_a_turn_that_comes_twice_or_to_another_mail_does_nothing()
    {
        await using var silo = await TestSilo.StartAsync(TestSilo.UnreachableService);
        var id = MailId.Create(TimeProvider.System);
        await silo.Mail(id).Accept(silo.Offer());
        var before = await silo.WaitForAsync(id, "delegated");
        while (before.State.Visits[0].Step is not DelegationStep.Retrying) before = await silo.WaitForAsync(id, "delegated");

        await silo.Mail(id).TakeTurn("scanner");
        await silo.Mail(id).TakeTurn("another");
        await silo.Mail(MailId.Create(TimeProvider.System)).TakeTurn("scanner");
        var after = await silo.WaitForAsync(id, "delegated");
        Assert.Equal((1, before.Events.Length), (after.State.Visits[0].Attempt, after.Events.Length));
    }

    /// <summary>The store's clock decides: on PostgreSQL it is the database's, and this process's may be behind it or have been set back.</summary>
    [Fact]
    public async Task What_the_store_finds_due_is_tried_although_the_process_has_another_time()
    {
        await using var silo = await TestSilo.StartAsync(TestSilo.UnreachableService);
        var id = MailId.Create(TimeProvider.System);
        await silo.Mail(id).Accept(silo.Offer());
        var mail = await silo.WaitForAsync(id, "delegated");
        while (mail.State.Visits[0] is not { Step: DelegationStep.Retrying, Attempt: 1 }) mail = await silo.WaitForAsync(id, "delegated");
        Assert.True(mail.State.WakeAt > DateTimeOffset.UtcNow);

        await silo.WakeAsync(id);
        while (mail.State.Visits[0].Attempt == 1) mail = await silo.WaitForAsync(id, "delegated");
        Assert.Contains(mail.Events, e => e.What == "delegated" && e.Why.Contains("attempt 2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_mail_that_was_set_apart_ends_as_failed_with_the_reason()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var silo = await TestSilo.StartAsync($$"""
            service scanner smtp = #{ delegator: #{ address: "{{silent.LocalEndpoint}}", timeout: "60s" }, receiver: "127.0.0.1:2" };
            #{ postq: [ delegate scanner "scan" || next() ] }
            """);
        var id = MailId.Create(TimeProvider.System);
        await silo.Mail(id).Accept(silo.Offer());
        var mail = await silo.WaitForAsync(id, "delegated");
        var serial = mail.State.Visits[0].Serial;
        await silo.Mail(id).Sent(new DelegationReport(serial, DelegationSendResult.Poison, "it broke the conversation")
        {
            Suspicion = new MailSuspicion { Breaks = 2 },
        });
        mail = await silo.WaitForAsync(id, "quarantine/delegation");
        Assert.Equal("failed: it broke the conversation", mail.Summary.Reason);
        silent.Stop();                                         // the conversation ends, and with it the silo
    }

    [Fact]
    public async Task What_speaks_against_a_mail_is_committed_with_its_report()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var silo = await TestSilo.StartAsync($$"""
            service scanner smtp = #{ delegator: #{ address: "{{silent.LocalEndpoint}}", timeout: "60s" }, receiver: "127.0.0.1:2", retry: #{ first: "1h", max: "1h", give_up: "2h" } };
            #{ postq: [ delegate scanner "scan" || next() ] }
            """);
        var id = MailId.Create(TimeProvider.System);
        await silo.Mail(id).Accept(silo.Offer());
        var serial = (await silo.WaitForAsync(id, "delegated")).State.Visits[0].Serial;
        var suspicion = new MailSuspicion { Breaks = 1, Deferrals = 2, At = new DateTimeOffset(2026, 11, 22, 9, 0, 0, TimeSpan.Zero) };
        await silo.Mail(id).Sent(new DelegationReport(serial, DelegationSendResult.TemporarilyFailed, "broken") { Suspicion = suspicion });
        var visit = (await silo.WaitForAsync(id, "delegated")).State.Visits[0];
        Assert.Equal((DelegationStep.Retrying, suspicion), (visit.Step, visit.Suspicion));
        silent.Stop();                                         // the conversation ends, and with it the silo
    }

    [Fact]
    public async Task An_attempt_that_was_not_sent_is_not_counted()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var silo = await TestSilo.StartAsync($$"""
            service scanner smtp = #{ delegator: #{ address: "{{silent.LocalEndpoint}}", timeout: "60s" }, receiver: "127.0.0.1:2" };
            #{ postq: [ delegate scanner "scan" || next() ] }
            """);
        var id = MailId.Create(TimeProvider.System);
        await silo.Mail(id).Accept(silo.Offer());
        var first = (await silo.WaitForAsync(id, "delegated")).State.Visits[0];
        await silo.Mail(id).Sent(new DelegationReport(first.Serial, DelegationSendResult.NotSent, "down"));
        var second = (await silo.WaitForAsync(id, "delegated")).State.Visits[0];
        Assert.Equal((1, 1, 2), (first.Attempt, second.Attempt, second.Serial));
        silent.Stop();                                         // the conversation ends, and with it the silo
    }
}
