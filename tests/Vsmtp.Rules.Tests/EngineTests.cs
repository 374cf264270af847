using System.Diagnostics;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Tests;

/// <summary>Order, errors, budgets.</summary>
public sealed class EngineTests
{
    private readonly Site _site = new();

    [Fact]
    public async Task A_stage_stops_at_the_first_status_that_is_not_next()
    {
        const string Main = """
            #{ mail: [
                rule "one" || next(),
                action "two" || { log("info", "acted"); return deny(); },
                rule "three" #{ evaluate: || deny(), author: "me" },
                rule "four" || accept(),
            ] }
            """;
        var log = new ListLog();

        var outcome = await _site.Engine.RunAsync(await _site.LoadGoodAsync(Main), Stage.Mail, Site.Transaction(log: log), Site.Token);

        Assert.Equal(RuleStatusKind.Deny, outcome.Status);
        Assert.Equal(("three", "main.vsl:4:5"), (outcome.Directive, outcome.Source));
        Assert.Equal("acted", Assert.Single(log.Lines).Text);
        Assert.Equal(
            [("one", RuleStatusKind.Next), ("two", RuleStatusKind.Next), ("three", RuleStatusKind.Deny)],
            outcome.Trace.Select(t => (t.Name, t.Status!.Value)));
        Assert.Equal([DirectiveKind.Rule, DirectiveKind.Action, DirectiveKind.Rule], outcome.Trace.Select(t => t.Kind));
        Assert.All(outcome.Trace, t => Assert.Equal(Stage.Mail, t.Stage));
        Assert.Equal("main.vsl:2:5", outcome.Trace[0].Source);
    }

    [Fact]
    public async Task When_all_say_next_nothing_has_decided()
    {
        var outcome = await _site.RunAsync("next()", Site.Transaction());

        Assert.Equal((RuleStatusKind.Next, null, null), (outcome.Status, outcome.Directive, outcome.Source));
        Assert.Single(outcome.Trace);
    }

    [Fact]
    public async Task An_empty_map_and_an_absent_stage_say_next()
    {
        var set = await _site.LoadGoodAsync("#{}");

        foreach (var stage in Enum.GetValues<Stage>())
        {
            Assert.Equal(RuleStatusKind.Next, (await _site.Engine.RunAsync(set, stage, Site.Connection(), Site.Token)).Status);
        }
    }

    [Fact]
    public async Task Without_a_script_every_connection_is_denied_and_the_set_reads_back()
    {
        var set = RuleSet.DenyAll;
        var again = await RuleSetLoader.LoadAsync(set.MainPath, set.Files, _site.Options, Site.Token);

        Assert.Equal(set.Hash, again.Set?.Hash);
        foreach (var each in (RuleSet[])[set, again.Set!])
        {
            var outcome = await _site.Engine.RunAsync(each, Stage.Connect, Site.Connection(), Site.Token);
            Assert.Equal((RuleStatusKind.Deny, null), (outcome.Status, outcome.Failure));
            Assert.Equal(("no rules are configured", "main.vsl:1:15"), (outcome.Directive, outcome.Source));
        }
    }

    [Theory]
    [InlineData("5", "gave a value of type i64 instead of a status")]
    [InlineData("try { next() } catch { deny() }", "gave a value of type () instead of a status")]
    [InlineData("if false { next() }", "gave a value of type () instead of a status")]
    [InlineData("throw \"boom\"", "boom")]
    [InlineData("fn_that_is_not(1)", "fn_that_is_not")]
    [InlineData("1 / 0", "")]
    public async Task A_rule_without_a_status_is_a_failure_and_no_verdict(string body, string message)
    {
        var set = await _site.LoadGoodAsync($"#{{ mail: [ rule \"it\" || {{ {body} }}, rule \"then\" || accept() ] }}");

        var outcome = await _site.Engine.RunAsync(set, Stage.Mail, Site.Transaction(), Site.Token);

        Assert.Equal(RuleStatusKind.Deny, outcome.Status);
        Assert.Contains(message, outcome.Failure!.Message, StringComparison.Ordinal);
        Assert.Equal("main.vsl", outcome.Failure.Span.File);
        Assert.Equal(("it", "main.vsl:1:12"), (outcome.Directive, outcome.Source));
        Assert.Null(Assert.Single(outcome.Trace).Status);
    }

    [Fact]
    public async Task An_error_in_an_imported_function_fails_the_rule()
    {
        var outcome = await _site.RunAsync("lib::check()", Site.Connection(), Stage.Helo, ("lib.vsl", "fn check() { throw \"not yet\" }"));

        Assert.Equal("lib.vsl:1:14", outcome.Failure!.Span.ToString());
        Assert.Contains("not yet", outcome.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_in_an_action_fails_the_stage()
    {
        var set = await _site.LoadGoodAsync("#{ mail: [ action \"it\" || throw 1, rule \"then\" || accept() ] }");

        Assert.NotNull((await _site.Engine.RunAsync(set, Stage.Mail, Site.Transaction(), Site.Token)).Failure);
    }

    [Fact]
    public async Task Top_level_variables_are_not_seen_and_constants_are()
    {
        var set = await _site.LoadGoodAsync("let v = 1; const V = 1; #{ mail: [ rule \"a\" || { if global::V == 1 { accept() } else { deny() } } ], rcpt: [ rule \"b\" || { v; accept() } ] }");

        Assert.Equal(RuleStatusKind.Accept, (await _site.Engine.RunAsync(set, Stage.Mail, Site.Transaction(), Site.Token)).Status);
        Assert.Contains("Variable not found: v", (await _site.Engine.RunAsync(set, Stage.Rcpt, Site.Transaction(), Site.Token)).Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_top_level_runs_once_whatever_runs_after_it()
    {
        var log = new ListLog();
        var site = new Site { Options = _site.Options with { LoadLog = log } };
        var set = await site.LoadGoodAsync("print(\"loaded\"); #{ mail: [ rule \"a\" || next(), rule \"b\" || next() ] }");

        for (var i = 0; i < 3; i++) await site.Engine.RunAsync(set, Stage.Mail, Site.Transaction(log: log), Site.Token);

        Assert.Single(log.Lines);
    }

    [Fact]
    public async Task An_endless_rule_ends_with_its_budget()
    {
        var site = new Site { Limits = BudgetLimits.Default with { MaxSteps = 10_000 } };

        var outcome = await site.RunAsync("loop { }", Site.Transaction());

        Assert.Equal(ScriptErrorKind.Limit, outcome.Failure?.Kind);
        Assert.Equal(RuleStatusKind.Deny, outcome.Status);
    }

    [Theory]
    [InlineData("let a = []; loop { a.push(get_all_headers()); }")]
    [InlineData("let a = []; loop { a.push(rcpt_list()); }")]
    [InlineData("loop { bcc(\"a@b.org\"); }")]
    [InlineData("let s = \"x\"; s.pad(1000, 'x'); loop { append_header(\"X\", s); }")]
    public async Task No_loop_over_the_transaction_fills_the_memory(string body)
    {
        var context = Site.Transaction($"Subject: {new string('x', 100_000)}\r\n\r\n");

        var outcome = await _site.RunAsync(body, context);

        Assert.NotNull(outcome.Failure);
        Assert.InRange(context.Recipients.Count, 2, 10_000);
        Assert.InRange(context.Headers!.Length, 0, 512 * 1024);
    }

    [Fact]
    public async Task A_rule_that_logs_too_much_is_cut_off_with_a_word_about_it()
    {
        var log = new ListLog();

        await _site.RunAsync("let s = \"x\"; s.pad(9000, 'x'); log(\"info\", s); for i in 0..5000 { log(\"info\", i); } next()", Site.Transaction(log: log));

        Assert.Equal(1001, log.Lines.Count);
        Assert.Equal(8193, log.Lines[0].Text.Length);
        Assert.Equal((RuleLogLevel.Warn, "more than 1000 lines in one stage: the rest is dropped"), log.Lines[^1]);
    }

    [Fact]
    public async Task A_regular_expression_of_the_evil_kind_is_answered_at_once()
    {
        var started = Stopwatch.GetTimestamp();

        Assert.Equal("false", await _site.EvalAsync("object r regex = \"^(a+)+$\"; let s = \"b\"; s.pad(20000, 'a'); s += \"!\"; s == r"));

        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_cancelled_run_throws_and_is_no_verdict()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        var set = await _site.LoadGoodAsync("#{ mail: [ rule \"a\" || { loop { } } ] }");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await _site.Engine.RunAsync(set, Stage.Mail, Site.Transaction(), cancelled.Token));
    }

    [Fact]
    public async Task Many_runs_share_one_set_at_the_same_time()
    {
        var set = await _site.LoadGoodAsync("#{ mail: [ rule \"a\" || { let x = 0; for i in 0..200 { x += i; } set_header(\"X\", `${x} ${client_port()}`); accept() } ] }");
        var contexts = Enumerable.Range(0, 64).Select(_ => Site.Transaction()).ToList();

        await Parallel.ForEachAsync(contexts, Site.Token, async (context, token) => await _site.Engine.RunAsync(set, Stage.Mail, context, token));

        Assert.All(contexts, c => Assert.Equal("19900 40001", c.Headers!.Get("X")));
    }
}
