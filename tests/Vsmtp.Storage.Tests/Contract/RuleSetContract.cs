using System.Collections.Immutable;
using Orleans;
using Vsmtp.Contracts.Mail;
using Vsmtp.Contracts.RuleSets;

namespace Vsmtp.Storage.Tests.Contract;

/// <summary>Which mails sleep under which rules, and where.</summary>
public abstract class RuleSetContract(StoreUnderTest store) : StoreContract(store)
{
    [Fact]
    public async Task Uses_tell_of_each_set_how_many_mails_it_has_and_at_which_directives_they_sleep()
    {
        await PutAsync("a");
        var putAt = Now;
        Store.Time.Advance(TimeSpan.FromMinutes(1));
        await PutAsync("b");
        var replacedAt = Now;
        await SleepAsync("a", "postq", "scan");
        await SleepAsync("a", "postq", "scan");
        await SleepAsync("a", "delivery", "to the archive");
        await ParkAsync("a", "postq", "scan");
        await PhaseAsync("a", MailPhase.Deferred);
        await PhaseAsync("b", MailPhase.Quarantine, "virus_q");
        await PhaseAsync("lost", MailPhase.Working);
        await PhaseAsync("a", MailPhase.Delivered);

        var uses = await Store.RuleSets.ListUsesAsync(Cancel);

        Assert.Equal(["a", "b", "lost"], uses.Select(use => use.Hash));
        Assert.Equal((putAt, replacedAt, 5), (uses[0].PutAt, uses[0].ReplacedAt, uses[0].Mails));
        Assert.Equal([new DirectiveUse("delivery", "to the archive", 1), new DirectiveUse("postq", "scan", 3)], uses[0].Directives);
        Assert.Equal((replacedAt, null, 1), (uses[1].PutAt, uses[1].ReplacedAt, uses[1].Mails));
        Assert.Empty(uses[1].Directives);
        Assert.Equal((null, null, 1), (uses[2].PutAt, uses[2].ReplacedAt, uses[2].Mails));
    }

    [Fact]
    public async Task A_mail_that_goes_on_sleeps_at_its_directive_no_longer()
    {
        var (id, state) = await SleepAsync("a", "postq", "scan all of it, at once");
        Assert.Equal("postq", Assert.Single(Assert.Single(await Store.RuleSets.ListUsesAsync(Cancel)).Directives).Stage);

        await ChangeAsync(id, state, mail => mail with { Phase = MailPhase.Working });
        Assert.Empty(Assert.Single(await Store.RuleSets.ListUsesAsync(Cancel)).Directives);

        await ChangeAsync(id, state, mail => mail with { Phase = MailPhase.Delegated, RuleSet = "b" });
        Assert.Equal("b", Assert.Single(await Store.RuleSets.ListUsesAsync(Cancel)).Hash);
        await ChangeAsync(id, state, mail => mail with { Phase = MailPhase.Removed });
        Assert.Empty(await Store.RuleSets.ListUsesAsync(Cancel));
    }

    [Fact]
    public async Task Sleeping_mails_are_listed_by_pages_in_the_order_of_their_ids()
    {
        var ids = new List<string>();
        for (var i = 0; i < 7; i++) ids.Add((await SleepAsync("a", "postq", "scan")).Id);
        ids.Sort(StringComparer.Ordinal);

        var found = new List<string>();
        while (await ListAsync("a", "b", found.LastOrDefault() ?? "", limit: 3) is { IsEmpty: false } page) found.AddRange(page);

        Assert.Equal(ids, found);
    }

    [Fact]
    public async Task Listed_are_mails_that_rules_are_still_to_be_run_on_and_that_are_not_under_the_wanted_set()
    {
        var sleeping = (await SleepAsync("a", "postq", "scan")).Id;
        var other = (await SleepAsync("c", "postq", "scan")).Id;
        var aside = await PhaseAsync("a", MailPhase.Quarantine, "virus_q");
        var parked = (await ParkAsync("b", "postq", "scan")).Id;
        var working = await PhaseAsync("a", MailPhase.Working);
        await SleepAsync("b", "postq", "scan");
        await PhaseAsync("b", MailPhase.Quarantine, "virus_q");
        foreach (var phase in new[] { MailPhase.Deliver, MailPhase.Deferred, MailPhase.Dead, MailPhase.Delivered, MailPhase.Removed })
            await PhaseAsync("a", phase);

        Assert.Equal(InOrder(sleeping, other, aside, parked, working), await ListAsync(null, "b", "", limit: 100));
        Assert.Equal(InOrder(sleeping, aside, working), await ListAsync("a", "b", "", limit: 100));
        Assert.Equal([parked], await ListAsync("b", "b", "", limit: 100));
    }

    [Fact]
    public async Task Recent_are_the_set_that_was_put_last_and_those_that_were_replaced_not_long_ago()
    {
        await PutAsync("a");
        Store.Time.Advance(TimeSpan.FromDays(3));
        await PutAsync("b");
        Store.Time.Advance(TimeSpan.FromHours(1));
        await PutAsync("c");

        Assert.Equal(["a", "b", "c"], await Store.RuleSets.ListRecentAsync(TimeSpan.FromHours(2), Cancel));
        Assert.Equal(["b", "c"], await Store.RuleSets.ListRecentAsync(TimeSpan.FromMinutes(30), Cancel));
        Store.Time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(["c"], await Store.RuleSets.ListRecentAsync(TimeSpan.FromHours(2), Cancel));
    }

    [Fact]
    public async Task A_set_that_is_put_again_is_known_since_it_was_put_first()
    {
        await PutAsync("a");
        var putAt = Now;
        Store.Time.Advance(TimeSpan.FromHours(1));
        await PutAsync("b");
        await PutAsync("a");
        await SleepAsync("a", "postq", "scan");

        var use = Assert.Single(await Store.RuleSets.ListUsesAsync(Cancel));
        Assert.Equal((putAt, null), (use.PutAt, use.ReplacedAt));
    }

    private Task<ImmutableArray<string>> ListAsync(string? under, string wanted, string after, int limit) =>
        Store.RuleSets.ListSleepingAsync(new SleepingMails(under, wanted, after), limit, Cancel);

    private static IEnumerable<string> InOrder(params string[] ids) => ids.Order(StringComparer.Ordinal);

    private async Task<(string Id, GrainState<MailState> State)> SleepAsync(string hash, string stage, string directive)
    {
        var id = NewId();
        var visit = new DelegationState { Service = "scanner", Stage = stage, Directive = directive };
        return (id, await AcceptAsync(id, await NewMailAsync() with { Phase = MailPhase.Delegated, RuleSet = hash, Stage = stage, Visits = [visit] }));
    }

    private async Task<(string Id, GrainState<MailState> State)> ParkAsync(string hash, string stage, string directive)
    {
        var (id, state) = await SleepAsync(hash, stage, directive);
        await ChangeAsync(id, state, mail => mail with { Phase = MailPhase.Quarantine, Quarantine = MailQueue.RuleSetQuarantine, WakeAt = null });
        return (id, state);
    }

    private async Task<string> PhaseAsync(string hash, MailPhase phase, string? quarantine = null)
    {
        var id = NewId();
        var state = await AcceptAsync(id, await NewMailAsync() with { RuleSet = hash });
        if (phase is not MailPhase.Working) await ChangeAsync(id, state, mail => mail with { Phase = phase, Quarantine = quarantine });
        return id;
    }

    private Task PutAsync(string hash) => Store.RuleSets.PutAsync(
        new StoredRuleSet(hash, "main.vsl", ImmutableSortedDictionary<string, string>.Empty.Add("main.vsl", hash)), Cancel);
}
