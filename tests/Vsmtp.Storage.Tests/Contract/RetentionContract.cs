using System.Collections.Immutable;
using Orleans;
using Orleans.Storage;
using Vsmtp.Contracts.Mail;
using Vsmtp.Contracts.RuleSets;

namespace Vsmtp.Storage.Tests.Contract;

/// <summary>How long what is kept.</summary>
public abstract class RetentionContract(StoreUnderTest store) : StoreContract(store)
{
    [Fact]
    public async Task The_history_of_an_ended_mail_is_kept_for_a_day_after_its_end()
    {
        var id = NewId();
        var state = await AcceptAsync(id, await NewMailAsync());
        Store.Time.Advance(TimeSpan.FromDays(3));
        await ChangeAsync(id, state, mail => mail with { Phase = MailPhase.Delivered });
        Store.Time.Advance(TimeSpan.FromHours(10));
        await ChangeAsync(id, state, mail => mail with { NewEvents = [Event("discarded")] });
        Store.Time.Advance(TimeSpan.FromHours(13.9));
        await Store.CollectAsync();
        Assert.NotNull(await Store.Queries.FindAsync(id, Cancel));

        Store.Time.Advance(TimeSpan.FromHours(0.1));
        Assert.Equal(1, await Store.CollectAsync());

        Assert.Null(await Store.Queries.FindAsync(id, Cancel));
        Assert.False((await ReadMailAsync(id)).RecordExists);
        Assert.Equal(1, (await Store.Queries.CountAsync(Cancel))["total/delivered"]);
    }

    [Fact]
    public async Task Of_too_many_ended_mails_the_oldest_go()
    {
        await Store.OpenAsync(options => options with { MaxEndedMails = 5, CollectorBatch = 2 });
        var ids = new List<string>();
        for (var i = 0; i < 12; i++)
        {
            ids.Add(NewId());
            var state = await AcceptAsync(ids[^1], await NewMailAsync());
            await ChangeAsync(ids[^1], state, mail => mail with { Phase = MailPhase.Delivered });
            Store.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(7, await Store.CollectAsync());

        Assert.Equal(ids[7..], (await Store.Queries.ListAsync("delivered", 100, Cancel)).Select(mail => mail.Id));
    }

    [Fact]
    public async Task A_queued_mail_is_never_collected_however_old()
    {
        var id = NewId();
        await AcceptAsync(id, await NewMailAsync(100_000) with { Phase = MailPhase.Quarantine, Quarantine = "q" });
        Store.Time.Advance(TimeSpan.FromDays(4000));

        Assert.Equal(0, await Store.CollectAsync());

        Assert.Equal(Bytes(100_000), await ReadAsync((await ReadMailAsync(id)).State!.Content!));
    }

    [Fact]
    public async Task A_dead_mail_is_removed_after_five_days_with_its_bytes_and_the_history_says_so()
    {
        var id = NewId();
        var state = await AcceptAsync(id, await NewMailAsync(100_000));
        await ChangeAsync(id, state, mail => mail with { Phase = MailPhase.Dead, Reason = "denied", Since = Now, NewEvents = [Event("denied")] });
        Store.Time.Advance(TimeSpan.FromDays(4.9));
        Assert.Equal(0, await Store.CollectAsync());
        Store.Time.Advance(TimeSpan.FromDays(0.1));

        Assert.Equal(1, await Store.CollectAsync());

        var details = (await Store.Queries.FindAsync(id, Cancel))!;
        Assert.Equal(MailPhase.Removed, details.State.Phase);
        Assert.Equal(["accepted", "denied", "removed"], details.Events.Select(one => one.What));
        Assert.Contains("5 days", details.Events[^1].Why, StringComparison.Ordinal);
        Assert.Contains("denied", details.Summary.Reason, StringComparison.Ordinal);
        Assert.Equal(100_000, details.Summary.Bytes);
        Assert.Equal(0, await Store.CountContentBytesAsync());
        var counts = await Store.Queries.CountAsync(Cancel);
        Assert.Equal(0, counts["dead"]);
        Assert.Equal(1, counts["total/removed"]);

        // A grain that was awake meanwhile learns of it at its next write.
        await Assert.ThrowsAsync<InconsistentStateException>(() => ChangeAsync(id, state, mail => mail with { Phase = MailPhase.Deliver }));
        Store.Time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(1, await Store.CollectAsync());
        Assert.Null(await Store.Queries.FindAsync(id, Cancel));
    }

    [Fact]
    public async Task A_rule_set_is_kept_while_it_is_current_or_a_mail_sleeps_under_it()
    {
        foreach (var hash in new[] { "set-0", "set-1", "set-2" }) await PutAsync(hash);
        var id = NewId();
        var state = await AcceptAsync(id, await NewMailAsync());
        Store.Time.Advance(TimeSpan.FromDays(300));
        Assert.Equal(1, await Store.CollectAsync());

        Assert.Null(await FindAsync("set-0"));
        Assert.NotNull(await FindAsync("set-1"));
        Assert.NotNull(await FindAsync("set-2"));
        Assert.Equal(["set-1"], await Store.RuleSets.ListInUseAsync(Cancel));

        await ChangeAsync(id, state, mail => mail with { Phase = MailPhase.Delivered });
        Assert.Empty(await Store.RuleSets.ListInUseAsync(Cancel));
        await Store.CollectAsync();
        Assert.Null(await FindAsync("set-1"));
    }

    [Fact]
    public async Task A_rule_set_that_served_for_long_is_kept_for_a_day_after_it_was_replaced()
    {
        await PutAsync("old");
        Store.Time.Advance(TimeSpan.FromDays(100));
        await PutAsync("new");
        Store.Time.Advance(TimeSpan.FromHours(23));
        await Store.CollectAsync();
        Assert.NotNull(await FindAsync("old"));

        await PutAsync("old");
        Store.Time.Advance(TimeSpan.FromHours(25));
        await Store.CollectAsync();
        Assert.NotNull(await FindAsync("old"));
        Assert.Null(await FindAsync("new"));
    }

    [Fact]
    public async Task A_rule_set_is_read_back_as_it_was_put()
    {
        var files = ImmutableSortedDictionary<string, string>.Empty.Add("main.vsl", "import \"x\";\r\n\u00e9").Add("objects/list.txt", "");
        await Store.RuleSets.PutAsync(new StoredRuleSet("h", "main.vsl", files), Cancel);
        await Store.RestartAsync();

        var read = (await FindAsync("h"))!;

        Assert.Equal("main.vsl", read.MainPath);
        Assert.Equal(files, read.Files);
    }

    private Task PutAsync(string hash) => Store.RuleSets.PutAsync(
        new StoredRuleSet(hash, "main.vsl", ImmutableSortedDictionary<string, string>.Empty.Add("main.vsl", hash)), Cancel);

    private Task<StoredRuleSet?> FindAsync(string hash) => Store.RuleSets.FindAsync(hash, Cancel);
}
