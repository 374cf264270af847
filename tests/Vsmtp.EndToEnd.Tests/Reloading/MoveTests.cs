using System.Text.Json;
using Vsmtp.Dashboard.Api;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Reloading;

public sealed class MoveTests
{
    [Fact]
    public async Task Mails_that_wait_at_a_renamed_directive_are_listed_and_moved_by_a_restart_of_their_rules()
    {
        await using var site = await ReloadSite.StartAsync(ReloadSite.Marking("a"));
        var first = await site.SleepAsync("first");
        var second = await site.SleepAsync("second");
        var old = (await site.Server.Api.FindAsync(first))!.RuleSet;
        await site.ReloadAsync(ReloadSite.Marking("b", "look"));

        var (code, output, _) = await site.RunAsync("rules", "list");
        Assert.Equal(0, code);
        Assert.Matches($"{old[..12]}  replaced .*, 2 mails", output);
        Assert.Contains("2 mails at postq \"scan\" for clamsmtpd", output, StringComparison.Ordinal);
        Assert.Contains("not in the current rules: they have no directive \"scan\"", output, StringComparison.Ordinal);
        var sets = JsonSerializer.Deserialize((await site.RunAsync("rules", "list", "--json")).Output, ApiJson.Default.ImmutableArrayApiRuleSet);
        Assert.Equal([(true, 0L), (false, 2L)], sets.Select(set => (set.IsCurrent, set.Mails)));
        Assert.Equal(("postq", "scan", 2, "have no directive \"scan\""), Assert.Single(sets[1].Waiting) is var at ? (at.Stage, at.Directive, at.Mails, at.WhyNotCurrent) : default);

        var refused = await site.RunAsync("rules", "move", first);
        Assert.Equal(1, refused.Code);
        Assert.Contains("have no directive \"scan\"", refused.Error, StringComparison.Ordinal);
        refused = await site.RunAsync("rules", "move", "--from", old[..8]);
        Assert.Equal((1, "0 moved, 2 refused"), (refused.Code, refused.Output.Trim()));

        var moved = await site.RunAsync("rules", "move", first, "--restart");
        Assert.True(moved.Code == 0, moved.Error);
        moved = await site.RunAsync("rules", "move", "--all", "--to-current", "--restart");
        Assert.Equal((0, "1 moved, 0 refused"), (moved.Code, moved.Output.Trim()));
        foreach (var (id, subject) in new[] { (first, "first"), (second, "second") })
        {
            await Patience.UntilAsync(() => site.Service.Mails.Count(mail => mail.Header("Subject") == subject) == 2, $"{subject} is sent again", () => site.Server.Said);
            var sent = site.Service.Mails.Where(mail => mail.Header("Subject") == subject).ToList();
            Assert.StartsWith("250", await site.Returning.ReturnAsync(sent[0]));
            Assert.Equal("delegated", (await site.Server.Api.FindAsync(id))!.Mail.Queue);
            Assert.Equal("b", (await site.ReturnAsync(id, subject)).Header("X-Rules"));
            var events = (await site.Server.Api.FindAsync(id))!.Events;
            Assert.Contains(events, e => e.What == "moved" && e.Why.Contains(old[..12], StringComparison.Ordinal));
            Assert.Contains(events, e => e.What == "discarded");
        }

        Assert.Equal([0L], JsonSerializer.Deserialize((await site.RunAsync("rules", "list", "--json")).Output, ApiJson.Default.ImmutableArrayApiRuleSet).Select(set => set.Mails));
    }

    [Fact]
    public async Task Mails_whose_directive_is_still_there_go_on_at_it_under_the_rules_they_are_moved_to()
    {
        await using var site = await ReloadSite.StartAsync(ReloadSite.Marking("a"));
        var id = await site.SleepAsync("one");
        await site.ReloadAsync(ReloadSite.Marking("b"));
        Assert.Equal((0, "1 moved, 0 refused"), await MoveAsync(site, "--all"));
        Assert.Equal((0, "0 moved, 0 refused"), await MoveAsync(site, "--all"));

        await site.Server.KillAsync();
        await site.Server.StartAsync();
        Assert.Equal("b", (await site.ReturnAsync(id, "one")).Header("X-Rules"));
        Assert.Single(site.Service.Mails);
    }

    [Fact]
    public async Task Wrong_usage_and_unknown_rules_are_told()
    {
        await using var site = await ReloadSite.StartAsync("#{}");
        Assert.Equal(2, (await site.RunAsync("rules", "move")).Code);
        Assert.Equal(2, (await site.RunAsync("rules", "move", "--all", "--from", "abc")).Code);
        var unknown = await site.RunAsync("rules", "move", "--from", "abc");
        Assert.Equal(1, unknown.Code);
        Assert.Contains("No mail is under rules whose hash begins with abc", unknown.Error, StringComparison.Ordinal);
        Assert.Equal(1, (await site.RunAsync("rules", "move", "m-00-01m8adkae7b1z5qmhfkwymh6ct")).Code);
    }

    private static async Task<(int Code, string Output)> MoveAsync(ReloadSite site, params string[] arguments)
    {
        var (code, output, _) = await site.RunAsync(["rules", "move", .. arguments]);
        return (code, output.Trim());
    }
}
