using Orleans;
using Vsmtp.Contracts.Mail;

namespace Vsmtp.Storage.Tests.Contract;

/// <summary>What screens and tools see.</summary>
public abstract class QueryContract(StoreUnderTest store) : StoreContract(store)
{
    [Fact]
    public async Task A_summary_says_what_the_state_says()
    {
        var id = NewId();
        var since = Now.AddMinutes(-5);
        await AcceptAsync(id, await NewMailAsync(1234) with
        {
            Phase = MailPhase.Quarantine,
            Quarantine = "virus_q",
            Reason = "EICAR",
            Since = since,
            Attempts = 3,
        });

        var summary = Assert.Single(await Store.Queries.ListAsync("quarantine/virus_q", 10, Cancel));

        Assert.Equal(id, summary.Id);
        Assert.Equal("quarantine/virus_q", summary.Queue);
        Assert.Equal("john@doe.example", summary.Sender);
        Assert.Equal(["jenny@example.com", "ben@example.com"], summary.Recipients);
        Assert.Equal("Grüße", summary.Subject);
        Assert.Equal(1234, summary.Bytes);
        Assert.Equal(since, summary.Since);
        Assert.Equal(3, summary.Attempts);
        Assert.Equal("EICAR", summary.Reason);
    }

    [Fact]
    public async Task Attempts_in_delegated_are_those_of_the_delegation()
    {
        await AcceptAsync(NewId(), await NewMailAsync() with { Phase = MailPhase.Delegated, Attempts = 9, Visits = [new DelegationState { Attempt = 2 }] });

        Assert.Equal(2, Assert.Single(await Store.Queries.ListAsync("delegated", 10, Cancel)).Attempts);
    }

    [Fact]
    public async Task Lists_are_by_queue_longest_there_first_and_limited()
    {
        var ids = new List<string>();
        foreach (var (queue, age) in new[] { (MailPhase.Working, 1), (MailPhase.Working, 3), (MailPhase.Deferred, 2), (MailPhase.Working, 2) })
        {
            ids.Add(NewId());
            await AcceptAsync(ids[^1], await NewMailAsync() with { Phase = queue, Since = Now.AddMinutes(-age) });
        }

        Assert.Equal([ids[1], ids[3], ids[0]], await ListAsync("working", 10));
        Assert.Equal([ids[1], ids[3]], await ListAsync("working", 2));
        Assert.Equal([ids[2]], await ListAsync("deferred", 10));
        Assert.Equal(4, (await ListAsync(null, 10)).Length);
        Assert.Equal(ids[1], (await ListAsync(null, 1))[0]);
        Assert.Empty(await ListAsync("dead", 10));
        Assert.Empty(await ListAsync("no such", 10));
    }

    [Fact]
    public async Task Quarantine_means_all_quarantines()
    {
        foreach (var name in new[] { "a", "b" })
        {
            await AcceptAsync(NewId(), await NewMailAsync() with { Phase = MailPhase.Quarantine, Quarantine = name });
        }

        await AcceptAsync(NewId(), await NewMailAsync());

        Assert.Equal(2, (await ListAsync("quarantine", 10)).Length);
        Assert.Single(await ListAsync("quarantine/b", 10));
    }

    [Fact]
    public async Task Ended_mails_are_in_no_queue_but_in_their_own_list()
    {
        var id = NewId();
        var state = await AcceptAsync(id, await NewMailAsync());
        await ChangeAsync(id, state, mail => mail with { Phase = MailPhase.Delivered });

        Assert.Empty(await ListAsync(null, 10));
        Assert.Equal([id], await ListAsync("delivered", 10));
        Assert.NotNull(await Store.Queries.FindAsync(id, Cancel));
    }

    [Fact]
    public async Task Details_have_the_whole_history_with_every_field()
    {
        var id = NewId();
        var plain = new MailEvent(Now.AddSeconds(1), "node-2", "delivered", "250 ok");
        var mail = await NewMailAsync();
        await AcceptAsync(id, mail with { NewEvents = mail.NewEvents.Add(plain) });

        var details = (await Store.Queries.FindAsync(id, Cancel))!;

        Assert.Equal([Event("accepted"), plain], details.Events);
        Assert.Equal(id, details.Summary.Id);
        Assert.Equal("mx.doe.example", details.State.Envelope.Helo);
        Assert.Null(await Store.Queries.FindAsync(NewId(), Cancel));
    }

    private async Task<string[]> ListAsync(string? queue, int limit) =>
        [.. (await Store.Queries.ListAsync(queue, limit, Cancel)).Select(mail => mail.Id)];
}
