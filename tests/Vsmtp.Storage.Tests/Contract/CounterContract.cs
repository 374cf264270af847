using Orleans;
using Vsmtp.Contracts.Mail;

namespace Vsmtp.Storage.Tests.Contract;

/// <summary>Counters add up at all times (design rule 2).</summary>
public abstract class CounterContract(StoreUnderTest store) : StoreContract(store)
{
    [Fact]
    public async Task An_empty_store_counts_nothing_and_says_so_for_every_queue()
    {
        var counts = await Store.Queries.CountAsync(Cancel);

        Assert.All(counts, count => Assert.Equal(0, count.Value));
        string[] queues = ["offered", "working", "delegated", "deliver", "deferred", "dead", "total/accepted", "total/delivered", "total/bounced", "total/removed"];
        Assert.All(queues, queue => Assert.True(counts.ContainsKey(queue), queue));
    }

    [Fact]
    public async Task A_mail_moves_from_gauge_to_gauge_and_into_the_totals()
    {
        var id = NewId();
        var state = await AcceptAsync(id, await NewMailAsync());
        await ChangeAsync(id, state, mail => mail with { Phase = MailPhase.Quarantine, Quarantine = "a" });
        await ChangeAsync(id, state, mail => mail with { Phase = MailPhase.Quarantine, Quarantine = "b" });
        var counts = await Store.Queries.CountAsync(Cancel);
        Assert.Equal(1, counts["quarantine/b"]);
        Assert.False(counts.ContainsKey("quarantine/a"));
        Assert.Equal(0, counts["working"]);
        Assert.Equal(1, counts["total/quarantine"]);

        await ChangeAsync(id, state, mail => mail with { Phase = MailPhase.Delivered });
        counts = await Store.Queries.CountAsync(Cancel);

        Assert.False(counts.ContainsKey("quarantine/b"));
        Assert.False(counts.ContainsKey("delivered"));
        Assert.Equal(1, counts["total/accepted"]);
        Assert.Equal(1, counts["total/delivered"]);
    }

    [Fact]
    public async Task A_mail_that_bounced_has_ended_and_its_content_is_gone()
    {
        var id = NewId();
        var state = await AcceptAsync(id, await NewMailAsync());
        await ChangeAsync(id, state, mail => mail with { Phase = MailPhase.Bounced });
        var counts = await Store.Queries.CountAsync(Cancel);
        Assert.Equal((1, 1, 0), (counts["total/accepted"], counts["total/bounced"], counts["working"]));
        Assert.False(counts.ContainsKey("bounced"));
        Assert.Equal(id, Assert.Single(await Store.Queries.ListAsync("bounced", 10, Cancel)).Id);
        Assert.Empty(await Store.Queries.ListAsync(null, 10, Cancel));

        await Store.GrainStates.ClearStateAsync(MailStateStorage.StateName, Grain(id), state);
        counts = await Store.Queries.CountAsync(Cancel);
        Assert.Equal((1, 0), (counts["total/bounced"], counts["total/removed"]));
    }

    [Fact]
    public async Task A_mail_that_is_offered_is_counted_there_and_as_accepted_only_when_it_leaves_for_another_queue()
    {
        var (kept, gone) = (NewId(), NewId());
        var mail = await AcceptAsync(kept, await NewMailAsync() with { Phase = MailPhase.Offered });
        var other = await AcceptAsync(gone, await NewMailAsync() with { Phase = MailPhase.Offered });
        var counts = await Store.Queries.CountAsync(Cancel);
        Assert.Equal((2, 2, 0), (counts["offered"], counts["total/offered"], counts["total/accepted"]));

        await ChangeAsync(gone, other, state => state with { Phase = MailPhase.Withdrawn });
        await ChangeAsync(kept, mail, state => state with { Phase = MailPhase.Offered, Attempts = 1 });
        await ChangeAsync(kept, mail, state => state with { Phase = MailPhase.Working });
        counts = await Store.Queries.CountAsync(Cancel);
        Assert.Equal((0, 2, 1, 1), (counts["offered"], counts["total/offered"], counts["total/accepted"], counts["working"]));
        Assert.False(counts.ContainsKey("withdrawn") || counts.ContainsKey("total/withdrawn"));
    }

    [Fact]
    public async Task An_offered_mail_whose_row_is_cleared_was_never_accepted()
    {
        var id = NewId();
        var mail = await AcceptAsync(id, await NewMailAsync() with { Phase = MailPhase.Offered });
        await Store.GrainStates.ClearStateAsync(MailStateStorage.StateName, Grain(id), mail);
        var counts = await Store.Queries.CountAsync(Cancel);
        Assert.Equal((0, 0, 0), (counts["offered"], counts["total/accepted"], counts["total/removed"]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Gauges_equal_the_rows_after_any_history_with_restarts_and_failed_writes(int seed)
    {
        var random = new Random(seed);
        var mails = new Dictionary<string, GrainState<MailState>>();
        for (var step = 0; step < 400; step++)
        {
            if (random.Next(100) == 0) await Store.RestartAsync();
            else if (mails.Count < 5 || random.Next(3) == 0) await AcceptOneAsync(mails);
            else await ChangeOneAsync(mails, random);
            if (step % 20 == 0) await AssertSumsAsync();
        }

        await AssertSumsAsync();
    }

    private async Task AcceptOneAsync(Dictionary<string, GrainState<MailState>> mails)
    {
        var id = NewId();
        var mail = await NewMailAsync();
        // Every other one is offered first, as preq does it.
        mails[id] = await AcceptAsync(id, mails.Count % 2 == 0 ? mail : mail with { Phase = MailPhase.Offered });
    }

    private async Task ChangeOneAsync(Dictionary<string, GrainState<MailState>> mails, Random random)
    {
        var (id, state) = mails.ElementAt(random.Next(mails.Count));
        var phase = (MailPhase)random.Next(1, 9);
        if (state.State!.Phase is MailPhase.Offered && random.Next(3) == 0) phase = MailPhase.Withdrawn;
        var next = state.State! with { Phase = phase, Quarantine = phase is MailPhase.Quarantine ? $"q{random.Next(3)}" : null };
        if (random.Next(4) == 0)
        {
            var stale = new GrainState<MailState>(next, "999999");
            await Assert.ThrowsAsync<Orleans.Storage.InconsistentStateException>(() => WriteAsync(id, stale));
            return;
        }

        if (random.Next(20) == 0)
        {
            await Store.GrainStates.ClearStateAsync(MailStateStorage.StateName, Grain(id), state);
            mails.Remove(id);
            return;
        }

        await ChangeAsync(id, state, _ => next);
        if (MailQueue.IsEnded(phase)) mails.Remove(id);
    }

    private async Task AssertSumsAsync()
    {
        var counts = await Store.Queries.CountAsync(Cancel);
        var gauges = counts.Where(count => !count.Key.StartsWith("total/", StringComparison.Ordinal) && count.Value != 0).ToDictionary();
        Assert.Equal(await Store.CountRowsAsync(), gauges);
        var queued = gauges.Values.Sum() - gauges.GetValueOrDefault("offered");
        Assert.Equal(counts["total/accepted"], queued + counts["total/delivered"] + counts["total/bounced"] + counts["total/removed"]);
    }
}
