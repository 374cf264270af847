using System.Runtime.CompilerServices;

namespace Vsmtp.Rules.Tests;

public sealed class CatalogTests
{
    private readonly Site _site;
    private readonly MovingTime _time = new();
    private readonly Archive _archive = new();

    public CatalogTests() => _site = new Site { Options = new RuleSetOptions { ServerDomain = "testserver.com", Time = _time } };

    [Fact]
    public async Task What_was_got_before_a_reload_is_used_on_and_what_is_got_after_it_is_the_new_set()
    {
        var (a, b) = (await LoadAsync("a"), await LoadAsync("b"));
        var catalog = Catalog(a);
        catalog.Replace(b);

        Assert.Same(b, catalog.Current);
        Assert.Same(b, await catalog.FindAsync(b.Hash, Site.Token));
        Assert.Same(a, await catalog.FindAsync(a.Hash, Site.Token));
        Assert.Equal(["b", "a"], catalog.Services.Select(service => service.Name));
    }

    [Fact]
    public async Task A_set_that_comes_back_is_the_present_one_again()
    {
        var (a, b) = (await LoadAsync("a"), await LoadAsync("b"));
        var catalog = Catalog(a);
        catalog.Replace(b);
        var again = await LoadAsync("a");
        catalog.Replace(again);

        Assert.Same(again, catalog.Current);
        Assert.Same(again, await catalog.FindAsync(a.Hash, Site.Token));
        Assert.Same(b, await catalog.FindAsync(b.Hash, Site.Token));
        Assert.Equal(["a", "b"], catalog.Services.Select(service => service.Name));
    }

    [Fact]
    public async Task An_earlier_set_that_is_in_use_keeps_its_receivers_and_one_that_is_not_loses_them_in_time()
    {
        var (a, b, c) = (await LoadAsync("a"), await LoadAsync("b"), await LoadAsync("c"));
        _archive.Put(a);
        var catalog = Catalog(a);
        catalog.Replace(b);
        catalog.Replace(c);
        await catalog.KeepAsync([a.Hash], Site.Token);
        Assert.Equal(3, catalog.Services.Length);              // a session that began under b may still bring a mail

        _time.Advance(TimeSpan.FromMinutes(11));
        await catalog.KeepAsync([a.Hash], Site.Token);
        Assert.Equal(["c", "a"], catalog.Services.Select(service => service.Name));

        _time.Advance(TimeSpan.FromMinutes(11));
        await catalog.KeepAsync([], Site.Token);
        Assert.Equal(["c"], catalog.Services.Select(service => service.Name));
        Assert.Equal(a.Hash, (await catalog.FindAsync(a.Hash, Site.Token))!.Hash);
        Assert.Equal(["c", "a"], catalog.Services.Select(service => service.Name));
    }

    [Fact]
    public async Task Sets_that_mails_sleep_under_are_known_without_being_asked_for_and_those_that_cannot_be_had_are_told()
    {
        var a = await LoadAsync("a");
        _archive.Put(a);
        _archive.Put("broken", "#{ postq: [ 1 + ] }");
        var catalog = Catalog(RuleSet.DenyAll);

        Assert.Equal(["lost", "broken"], await catalog.KeepAsync([a.Hash, "lost", "broken"], Site.Token));
        Assert.Equal(["a"], catalog.Services.Select(service => service.Name));
        Assert.Null(await catalog.FindAsync("broken", Site.Token));
    }

    [Fact]
    public async Task A_set_that_the_archive_gets_later_is_found_then_and_a_fault_of_the_archive_is_no_answer()
    {
        var a = await LoadAsync("a");
        var catalog = Catalog(RuleSet.DenyAll);
        Assert.Null(await catalog.FindAsync(a.Hash, Site.Token));
        _archive.IsBroken = true;
        await Assert.ThrowsAsync<IOException>(async () => await catalog.FindAsync(a.Hash, Site.Token));
        _archive.IsBroken = false;
        _archive.Put(a);

        Assert.NotNull(await catalog.FindAsync(a.Hash, Site.Token));
    }

    [Fact]
    public async Task Many_reloads_leave_no_more_compiled_sets_than_are_kept_and_forget_those_out_of_use()
    {
        var catalog = Catalog(RuleSet.DenyAll);
        var sets = new List<WeakReference>();
        for (var i = 0; i < RuleSetCatalog.MostCompiled + 40; i++) sets.Add(await ReplaceAsync(catalog, $"s{i}"));
        Assert.InRange(CountAlive(sets), 1, RuleSetCatalog.MostCompiled + 1);
        Assert.InRange(CountHeld(catalog), 0, RuleSetCatalog.MostCompiled + 1);     // the first of all is never let go
        _time.Advance(TimeSpan.FromMinutes(11));
        await catalog.KeepAsync([], Site.Token);
        Assert.Equal(0, catalog.EarlierCount);
        Assert.Equal(1, CountAlive(sets));
    }

    [Fact]
    public async Task More_sets_in_use_than_are_kept_compiled_are_all_found_and_all_their_receivers_are_open()
    {
        var catalog = Catalog(RuleSet.DenyAll);
        var sets = new List<RuleSet>();
        for (var i = 0; i < RuleSetCatalog.MostCompiled * 2; i++) sets.Add(await LoadAsync($"s{i}"));
        sets.ForEach(_archive.Put);
        await catalog.KeepAsync(sets.Select(set => set.Hash), Site.Token);

        Assert.Equal(sets.Count, catalog.Services.Length);
        foreach (var set in sets) Assert.Equal(set.Hash, (await catalog.FindAsync(set.Hash, Site.Token))!.Hash);
    }

    [Fact]
    public async Task A_set_that_a_session_holds_is_told_as_such()
    {
        var (a, b) = (await LoadAsync("a"), await LoadAsync("b"));
        var catalog = Catalog(a);
        Assert.Empty(catalog.StillHeld);
        catalog.Replace(b);
        _time.Advance(TimeSpan.FromHours(1));
        await catalog.KeepAsync([], Site.Token);

        Assert.Same(a, Assert.Single(catalog.StillHeld));
        GC.KeepAlive(a);
    }

    [Fact]
    public async Task Reloads_and_mails_that_wake_do_not_disturb_each_other()
    {
        var sets = new[] { await LoadAsync("a"), await LoadAsync("b"), await LoadAsync("c") };
        foreach (var set in sets) _archive.Put(set);
        var catalog = Catalog(sets[0]);
        var reloads = Task.Run(() =>
        {
            for (var i = 0; i < 3000; i++) catalog.Replace(sets[i % sets.Length]);
        }, Site.Token);
        while (!reloads.IsCompleted)
        {
            foreach (var set in sets) Assert.Equal(set.Hash, (await catalog.FindAsync(set.Hash, Site.Token))!.Hash);
            await catalog.KeepAsync(sets.Select(set => set.Hash), Site.Token);
        }

        await reloads;
        Assert.Equal(sets.Length, catalog.Services.Length);
    }

    // Of its own, since a method holds what it has seen to its end.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int CountHeld(RuleSetCatalog catalog) => catalog.StillHeld.Length;

    private static int CountAlive(List<WeakReference> sets)
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return sets.Count(set => set.IsAlive);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task<WeakReference> ReplaceAsync(RuleSetCatalog catalog, string name)
    {
        var set = await LoadAsync(name);
        catalog.Replace(set);
        return new WeakReference(set);
    }

    private RuleSetCatalog Catalog(RuleSet current) => new(current, _site.Options, _archive);

    private Task<RuleSet> LoadAsync(string service) => _site.LoadGoodAsync($$"""
        service {{service}} smtp = #{ delegator: #{ address: "127.0.0.1:1", timeout: "2s" }, receiver: "127.0.0.1:2", };
        #{ postq: [ delegate {{service}} "scan" || next() ] }
        """);

    private sealed class Archive : IRuleSetArchive
    {
        private readonly Dictionary<string, ArchivedRuleSet> _sets = [];

        public bool IsBroken { get; set; }

        public void Put(RuleSet set) => _sets[set.Hash] = new ArchivedRuleSet(set.MainPath, set.Files);

        public void Put(string hash, string text) =>
            _sets[hash] = new ArchivedRuleSet("main.vsl", new Dictionary<string, string> { ["main.vsl"] = text });

        public Task<ArchivedRuleSet?> FindAsync(string hash, CancellationToken cancellationToken) => IsBroken
            ? Task.FromException<ArchivedRuleSet?>(new IOException("gone"))
            : Task.FromResult(_sets.GetValueOrDefault(hash));
    }

    private sealed class MovingTime : TimeProvider
    {
        private DateTimeOffset _now = Site.Now;

        public override DateTimeOffset GetUtcNow() => _now;

        public void Advance(TimeSpan by) => _now += by;
    }
}
