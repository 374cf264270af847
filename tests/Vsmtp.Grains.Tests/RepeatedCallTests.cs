using System.Net;
using System.Net.Sockets;
using Orleans.Storage;
using Vsmtp.Contracts.Mail;

namespace Vsmtp.Grains.Tests;

/// <summary>Calls whose outcome their caller does not know, and calls that come too late (docs/design/005).</summary>
public sealed class RepeatedCallTests
{
    [Fact]
    public async Task A_return_that_is_repeated_under_its_content_id_gets_the_same_answer()
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
        Assert.Equal(ReturnAnswer.Resumed, await silo.Mail(id).Return(returned));
        await silo.WaitForAsync(id, "delivered");
        Assert.Equal(ReturnAnswer.Resumed, await silo.Mail(id).Return(returned));

        var ended = await silo.WaitForAsync(id, "delivered");
        Assert.Single(ended.Events, e => e.What == "returned");
        Assert.DoesNotContain(ended.Events, e => e.What == "discarded");
    }

    [Fact]
    public async Task A_mail_that_was_withdrawn_is_not_accepted_any_more()
    {
        await using var silo = await TestSilo.StartAsync("#{}");
        var id = MailId.Create(TimeProvider.System);
        Assert.Equal(AcceptAnswer.Withdrawn, await silo.Acceptances.SettleAsync(id));
        Assert.Equal(AcceptAnswer.Withdrawn, await silo.Mail(id).Accept(silo.Offer()));
        Assert.Equal(AcceptAnswer.Withdrawn, await silo.Acceptances.SettleAsync(id));

        await silo.WaitForAsync(id, "withdrawn");
        var counts = await silo.Queries.CountAsync(CancellationToken.None);
        Assert.Equal(0, counts["total/accepted"] + counts["total/removed"]);
        Assert.DoesNotContain("withdrawn", counts.Keys);
    }

    [Fact]
    public async Task A_grain_that_is_already_in_memory_does_not_accept_what_was_withdrawn_meanwhile()
    {
        await using var silo = await TestSilo.StartAsync("#{}");
        var id = MailId.Create(TimeProvider.System);
        Assert.False((await silo.Mail(id).Release()).IsDone);   // brings the grain into memory, which knows of no mail
        Assert.Equal(AcceptAnswer.Withdrawn, await silo.Acceptances.SettleAsync(id));
        await Assert.ThrowsAsync<InconsistentStateException>(() => silo.Mail(id).Accept(silo.Offer()));
        Assert.Equal(AcceptAnswer.Withdrawn, await silo.Mail(id).Accept(silo.Offer()));
    }

    [Fact]
    public async Task What_was_accepted_is_not_withdrawn()
    {
        await using var silo = await TestSilo.StartAsync("#{}");
        var id = MailId.Create(TimeProvider.System);
        await silo.Mail(id).Accept(silo.Offer());
        Assert.Equal(AcceptAnswer.Accepted, await silo.Acceptances.SettleAsync(id));
        await silo.WaitForAsync(id, "delivered");
        Assert.Equal(AcceptAnswer.Accepted, await silo.Acceptances.SettleAsync(id));
    }

    [Fact]
    public async Task Of_many_calls_at_once_either_all_accept_or_none_does()
    {
        await using var silo = await TestSilo.StartAsync("#{}");
        for (var round = 0; round < 50; round++)
        {
            var id = MailId.Create(TimeProvider.System);
            var accepting = Task.Run(async () => await silo.Mail(id).Accept(silo.Offer()));
            var settled = await Task.Run(() => silo.Acceptances.SettleAsync(id));
            AcceptAnswer? accepted = null;
            try
            {
                accepted = await accepting;
            }
            catch (InconsistentStateException)
            {
                // The mark was first.
            }

            Assert.Equal(settled, accepted ?? AcceptAnswer.Withdrawn);
        }
    }

    [Fact]
    public async Task A_wake_up_for_an_earlier_version_does_nothing()
    {
        await using var silo = await TestSilo.StartAsync(TestSilo.UnreachableService);
        var id = MailId.Create(TimeProvider.System);
        await silo.Mail(id).Accept(silo.Offer());
        var before = await silo.WaitForAsync(id, "delegated");
        while (before.State.Visits[0].Step is not DelegationStep.Retrying) before = await silo.WaitForAsync(id, "delegated");

        foreach (var version in (string[])["", "1", "2", "none"]) await silo.Mail(id).Advance(version);
        Assert.False((await silo.Mail(id).Remove()).IsDone);    // a call behind these: they are done
        Assert.Equal(1, (await silo.WaitForAsync(id, "delegated")).State.Visits[0].Attempt);
    }

    [Fact]
    public async Task A_retry_of_a_deferred_mail_is_committed_before_it_begins_and_holds_off_operators()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var silo = await TestSilo.StartAsync(
            "#{}", $"relayhost = \"127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}\"\n[server.queues.delivery]\ndeferred_retry_period = \"10ms\"\n");
        var id = MailId.Create(TimeProvider.System);
        var offer = silo.Offer();
        await silo.Mail(id).Accept(offer with { Envelope = offer.Envelope with { Recipients = [offer.Envelope.Recipients[0] with { Transport = TransportKind.Deliver }] } });
        using (var first = await silent.AcceptSocketAsync(TestContext.Current.CancellationToken))
        {
            await first.SendAsync("421 4.3.2 not now\r\n"u8.ToArray());
        }

        using var second = await silent.AcceptSocketAsync(TestContext.Current.CancellationToken);
        var mail = await silo.WaitForAsync(id, "deferred");
        Assert.True(mail.State.IsBusy);
        var answer = await silo.Mail(id).Remove();
        Assert.False(answer.IsDone);
        Assert.Contains("at work", answer.Text, StringComparison.Ordinal);
    }
}
