using System.Collections.Immutable;
using Orleans.Storage;
using Vsmtp.Contracts.Mail;
using Vsmtp.Contracts.Queues;
using Vsmtp.Contracts.RuleSets;

namespace Vsmtp.Grains.Tests;

/// <summary>Mails that sleep under earlier rules and are moved to the present ones.</summary>
public sealed class MovedMailTests
{
    private const string Service = """
        service scanner smtp = #{ delegator: #{ address: "127.0.0.1:1", timeout: "2s" }, receiver: "127.0.0.1:2", retry: #{ first: "1h", max: "1h", give_up: "2h" } };

        """;

    private const string Renamed = Service + "#{ postq: [ delegate scanner \"look\" || next() ] }";
    private const string Extended = Service + "#{ postq: [ rule \"first\" || next(), delegate scanner \"scan\" || quarantine(\"seen\") ] }";

    [Fact]
    public async Task A_mail_that_sleeps_at_a_directive_of_the_present_rules_goes_on_there_under_them()
    {
        await using var silo = await TestSilo.StartAsync(TestSilo.UnreachableService);
        var (id, asleep) = await SleepAsync(silo);
        await silo.ReloadAsync(Extended);

        var answer = await silo.Mail(id).MoveToRules(silo.RuleSetHash, restarts: false);
        Assert.True(answer.IsDone, answer.Text);
        var moved = await FindAsync(silo, id);
        Assert.Equal((silo.RuleSetHash, asleep.State.WakeAt, "delegated"), (moved.State.RuleSet, moved.State.WakeAt, moved.Summary.Queue));
        Assert.Equal(asleep.State.Visits[0].TicketHashes, moved.State.Visits[0].TicketHashes);
        Assert.NotEqual(asleep.State.Visits[0].Source, moved.State.Visits[0].Source);
        Assert.Contains("it goes on at postq \"scan\"", moved.Events[^1].Why, StringComparison.Ordinal);

        Assert.Equal(ReturnAnswer.Resumed, await ReturnAsync(silo, id, moved));
        await silo.WaitForAsync(id, "quarantine/seen");
    }

    [Fact]
    public async Task Moved_twice_is_moved_once()
    {
        await using var silo = await TestSilo.StartAsync(TestSilo.UnreachableService);
        var (id, _) = await SleepAsync(silo);
        await silo.ReloadAsync(Extended);

        Assert.True((await silo.Mail(id).MoveToRules(silo.RuleSetHash, restarts: false)).IsDone);
        Assert.True((await silo.Mail(id).MoveToRules(silo.RuleSetHash, restarts: false)).IsDone);
        Assert.True((await silo.Mail(id).MoveToRules(silo.RuleSetHash, restarts: true)).IsDone);
        Assert.Single((await FindAsync(silo, id)).Events, e => e.What == "moved");
    }

    [Theory]
    [InlineData(Renamed, "have no directive \"scan\"")]
    [InlineData("#{}", "have no directive \"scan\"")]
    [InlineData(Service + "#{ delivery: [ delegate scanner \"scan\" || next() ] }", "in the stage delivery and not in postq")]
    public async Task A_mail_whose_directive_the_present_rules_do_not_have_is_refused_and_sleeps_on(string rules, string why)
    {
        await using var silo = await TestSilo.StartAsync(TestSilo.UnreachableService);
        var (id, asleep) = await SleepAsync(silo);
        await silo.ReloadAsync(rules);

        var answer = await silo.Mail(id).MoveToRules(silo.RuleSetHash, restarts: false);
        Assert.False(answer.IsDone);
        Assert.Contains(why, answer.Text, StringComparison.Ordinal);
        var after = await FindAsync(silo, id);
        Assert.Equal((asleep.State.RuleSet, asleep.Events.Length), (after.State.RuleSet, after.Events.Length));
        Assert.Equal(ReturnAnswer.Resumed, await ReturnAsync(silo, id, after));
        await silo.WaitForAsync(id, "delivered");
    }

    [Fact]
    public async Task Restarted_it_begins_its_stage_anew_and_what_the_service_brings_back_of_before_is_discarded()
    {
        await using var silo = await TestSilo.StartAsync(TestSilo.UnreachableService);
        var (id, asleep) = await SleepAsync(silo);
        await silo.ReloadAsync(Renamed);

        var answer = await silo.Mail(id).MoveToRules(silo.RuleSetHash, restarts: true);
        Assert.True(answer.IsDone, answer.Text);
        var again = await UntilAsync(silo, id, mail => mail.State is { Phase: MailPhase.Delegated, Visits: [{ Directive: "look" }] });
        Assert.Equal(ReturnAnswer.Discarded, await ReturnAsync(silo, id, asleep));
        Assert.Equal(ReturnAnswer.Resumed, await ReturnAsync(silo, id, again));
        var ended = await silo.WaitForAsync(id, "delivered");
        Assert.Single(ended.Events, e => e.What == "moved" && e.Why.Contains("from the first", StringComparison.Ordinal));
        Assert.Single(ended.Events, e => e.What == "discarded");
        Assert.Single(Directory.EnumerateFiles(silo.MailFolder, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_mail_that_rules_put_aside_stays_there_and_is_released_through_the_rules_it_was_moved_to()
    {
        await using var silo = await TestSilo.StartAsync("#{ postq: [ rule \"aside\" || quarantine(\"look\") ] }");
        var id = MailId.Create(TimeProvider.System);
        await silo.Mail(id).Accept(silo.Offer());
        await silo.WaitForAsync(id, "quarantine/look");
        await silo.ReloadAsync("#{ delivery: [ action \"mark\" || append_header(\"X-Seen\", \"yes\") ] }");

        var answer = await silo.Mail(id).MoveToRules(silo.RuleSetHash, restarts: true);
        Assert.Contains("it stays in quarantine/look", answer.Text, StringComparison.Ordinal);
        await silo.WaitForAsync(id, "quarantine/look");
        await silo.Mail(id).Release();
        await silo.WaitForAsync(id, "delivered");
        Assert.Contains("X-Seen: yes", await File.ReadAllTextAsync(Directory.EnumerateFiles(silo.MailFolder, "*", SearchOption.AllDirectories).Single()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_no_rules_will_be_run_there_is_nothing_to_move()
    {
        await using var silo = await TestSilo.StartAsync("#{ postq: [ rule \"no\" || deny() ] }");
        var id = MailId.Create(TimeProvider.System);
        await silo.Mail(id).Accept(silo.Offer());
        await silo.WaitForAsync(id, "dead");
        await silo.ReloadAsync("#{}");

        Assert.Contains("is in dead: no rules", (await silo.Mail(id).MoveToRules(silo.RuleSetHash, restarts: true)).Text, StringComparison.Ordinal);
        await silo.Mail(id).Remove();
        Assert.False((await silo.Mail(id).MoveToRules(silo.RuleSetHash, restarts: true)).IsDone);
        Assert.Contains("is unknown", (await silo.Mail(MailId.Create(TimeProvider.System)).MoveToRules(silo.RuleSetHash, restarts: false)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rules_that_cannot_be_loaded_are_no_rules_to_move_to()
    {
        await using var silo = await TestSilo.StartAsync(TestSilo.UnreachableService);
        var (id, _) = await SleepAsync(silo);
        Assert.Contains("cannot be loaded", (await silo.Mail(id).MoveToRules(new string('0', 64), restarts: true)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_whose_rules_this_program_refuses_is_parked_where_an_operator_sees_it_and_is_moved_out()
    {
        await using var silo = await TestSilo.StartAsync("#{ postq: [ action \"mark\" || append_header(\"X-Seen\", \"yes\") ] }");
        var refused = new string('1', 64);
        await silo.RuleSets.PutAsync(new StoredRuleSet(refused, "main.vsl", ImmutableSortedDictionary<string, string>.Empty.Add("main.vsl", "words of another version")), CancellationToken.None);
        var id = MailId.Create(TimeProvider.System);
        await silo.Mail(id).Accept(silo.Offer() with { RuleSet = refused });
        var parked = await silo.WaitForAsync(id, "quarantine/rule-set");
        Assert.Contains(refused, parked.Summary.Reason, StringComparison.Ordinal);
        Assert.Null(parked.State.WakeAt);

        Assert.True((await silo.Mail(id).MoveToRules(silo.RuleSetHash, restarts: false)).IsDone);
        await silo.WaitForAsync(id, "delivered");
        Assert.Contains("X-Seen: yes", await File.ReadAllTextAsync(Directory.EnumerateFiles(silo.MailFolder, "*", SearchOption.AllDirectories).Single()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parked_after_its_return_it_goes_on_at_the_directive_where_the_service_brought_it_back()
    {
        await using var silo = await TestSilo.StartAsync(TestSilo.UnreachableService);
        var (id, asleep) = await SleepAsync(silo);
        await LoseRulesAsync(silo, id);
        Assert.Equal(ReturnAnswer.Resumed, await ReturnAsync(silo, id, asleep));
        await silo.WaitForAsync(id, "quarantine/rule-set");
        Assert.Equal("scan", Assert.Single((await silo.RuleSets.ListUsesAsync(CancellationToken.None)).Single(use => use.Hash == Lost).Directives).Directive);

        await silo.ReloadAsync(Renamed);
        Assert.False((await silo.Mail(id).MoveToRules(silo.RuleSetHash, restarts: false)).IsDone);
        await silo.ReloadAsync(Extended);
        Assert.True((await silo.Mail(id).MoveToRules(silo.RuleSetHash, restarts: false)).IsDone);
        await silo.WaitForAsync(id, "quarantine/seen");
    }

    [Fact]
    public async Task Parked_because_its_service_was_in_no_rules_it_is_sent_again_once_it_is()
    {
        await using var silo = await TestSilo.StartAsync(Service.Replace("1h", "1s", StringComparison.Ordinal) + "#{ postq: [ delegate scanner \"scan\" || next() ] }");
        var (id, asleep) = await SleepAsync(silo);
        await LoseRulesAsync(silo, id);
        await silo.ReloadAsync("#{}");
        var parked = await silo.WaitForAsync(id, "quarantine/rule-set");
        Assert.Contains("the service scanner", parked.Summary.Reason, StringComparison.Ordinal);
        Assert.Equal(ReturnAnswer.Discarded, await ReturnAsync(silo, id, asleep));

        await silo.ReloadAsync(Extended);
        Assert.True((await silo.Mail(id).MoveToRules(silo.RuleSetHash, restarts: false)).IsDone);
        var again = await UntilAsync(silo, id, mail => mail.State is { Phase: MailPhase.Delegated, Visits: [{ TicketHashes.Length: 1 }] });
        Assert.Equal(ReturnAnswer.Resumed, await ReturnAsync(silo, id, again));
        await silo.WaitForAsync(id, "quarantine/seen");
    }

    private static readonly string Lost = new('2', 64);

    /// <summary>As when the store has lost the rules under which the mail sleeps, or a newer program refuses them.</summary>
    private static async Task LoseRulesAsync(TestSilo silo, string id) => await silo.ChangeAsync(id, state => state with { RuleSet = Lost });

    private static async Task<(string Id, MailDetails Mail)> SleepAsync(TestSilo silo)
    {
        var id = MailId.Create(TimeProvider.System);
        await silo.Mail(id).Accept(silo.Offer());
        return (id, await UntilAsync(silo, id, mail => mail.State is { Phase: MailPhase.Delegated, Visits: [{ Step: DelegationStep.Retrying }] }));
    }

    private static async Task<ReturnAnswer> ReturnAsync(TestSilo silo, string id, MailDetails asleep)
    {
        var returned = new DelegationReturn
        {
            TicketHash = asleep.State.Visits[0].TicketHashes[^1],
            Content = TestSilo.ContentOf("Subject: back\r\n\r\nScanned.\r\n"u8.ToArray()),
            Sender = "john@example.org",
            Recipients = ["jane@example.com"],
            Peer = "127.0.0.1:9",
        };
        try
        {
            return await silo.Mail(id).Return(returned);
        }
        catch (InconsistentStateException)
        {
            return await silo.Mail(id).Return(returned);       // as the receiver repeats it
        }
    }

    private static async Task<MailDetails> FindAsync(TestSilo silo, string id) => (await silo.Queries.FindAsync(id, CancellationToken.None))!;

    private static async Task<MailDetails> UntilAsync(TestSilo silo, string id, Func<MailDetails, bool> isSo)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            if (await silo.Queries.FindAsync(id, CancellationToken.None) is { } mail && isSo(mail)) return mail;
            Assert.False(patience.IsCancellationRequested, $"{id} is not as it should be: {await silo.Queries.FindAsync(id, CancellationToken.None)}");
            await Task.Delay(20);
        }
    }
}
