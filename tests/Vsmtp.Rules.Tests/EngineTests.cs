using System.Diagnostics;
using Vsmtp.Mail.Delegation;
using Vsmtp.Mail.Headers;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Tests;

/// <summary>Statuses, order, errors, budgets, delegation.</summary>
public sealed class EngineTests
{
    private const string Service = "service scan smtp = #{ delegator: #{ address: \"127.0.0.1:10026\" }, receiver: \"127.0.0.1:10025\", proof: [\"X-S\"] };";

    private readonly Site _site = new();

    [Theory]
    [InlineData("next()", RuleStatusKind.Next, null)]
    [InlineData("next();", RuleStatusKind.Next, null)]
    [InlineData("accept()", RuleStatusKind.Accept, null)]
    [InlineData("accept(\"250 2.1.0 fine\")", RuleStatusKind.Accept, "250 2.1.0 fine")]
    [InlineData("faccept()", RuleStatusKind.ForceAccept, null)]
    [InlineData("faccept(\"250 text\")", RuleStatusKind.ForceAccept, "250 text")]
    [InlineData("deny()", RuleStatusKind.Deny, null)]
    [InlineData("deny(\"501 4.7.1 no\")", RuleStatusKind.Deny, "501 4.7.1 no")]
    [InlineData("deny(code554_7_1)", RuleStatusKind.Deny, "554 5.7.1 Relay access denied")]
    [InlineData("object c code = #{ code: 501, enhanced: \"4.7.1\", text: \"no\" }; deny(c)", RuleStatusKind.Deny, "501 4.7.1 no")]
    [InlineData("object c code = `250 ${helo()}`; info(c)", RuleStatusKind.Info, "250 client.example.com")]
    [InlineData("info(\"250 two\\nlines\")", RuleStatusKind.Info, "250 two\r\nlines")]
    [InlineData("return accept(); deny()", RuleStatusKind.Accept, null)]
    public async Task A_rule_gives_a_status(string body, RuleStatusKind status, string? reply)
    {
        var outcome = await _site.RunAsync(body, Site.Transaction(), Stage.Mail);

        Assert.Null(outcome.Failure);
        Assert.Equal(status, outcome.Status);
        Assert.Equal(reply, outcome.Reply?.ToString());
    }

    [Theory]
    [InlineData("virus_q")]
    [InlineData("virus/2026-03/a.b+c@d")]
    public async Task A_quarantine_has_a_name_and_leaves_the_transports_alone(string name)
    {
        var context = Site.Transaction();

        var outcome = await _site.RunAsync($"maildir_all(); quarantine(\"{name}\")", context);

        Assert.Equal((RuleStatusKind.Quarantine, name), (outcome.Status, outcome.Quarantine));
        Assert.All(context.Recipients, r => Assert.Equal(RuleTransport.Maildir, r.Transport));
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("../x")]
    [InlineData("a/../b")]
    [InlineData("/etc")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData(".hidden")]
    [InlineData("a b")]
    [InlineData("a\\\\b")]
    [InlineData("a\\nb")]
    [InlineData("caf\u00e9")]
    public async Task A_name_that_is_not_safe_as_a_path_is_refused(string name)
    {
        var outcome = await _site.RunAsync($"quarantine(\"{name}\")", Site.Transaction());

        Assert.Contains("cannot be the name of a quarantine", outcome.Failure?.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("deny(5)", "is not a reply code")]
    [InlineData("deny(\"no\")", "is not a reply")]
    [InlineData("deny(\"250 ok\")", "tells the client that it is accepted")]
    [InlineData("accept(\"451 later\")", "tells the client that it is refused")]
    [InlineData("faccept(code550_7_23)", "tells the client that it is refused")]
    [InlineData("info(\"1000 x\")", "1000 is not a reply code")]
    [InlineData("deny(\"550 a\\x00b\")", "no control characters")]
    public async Task A_bad_code_is_an_error(string body, string message)
    {
        var outcome = await _site.RunAsync(body, Site.Transaction(), Stage.Mail);

        Assert.Contains(message, outcome.Failure?.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("info(\"250 ok\")", true)]
    [InlineData("info(\"354 go\")", true)]
    [InlineData("info(\"500 bad\")", false)]
    public async Task At_preq_no_info_may_tell_the_client_that_a_dropped_mail_is_taken(string body, bool isRefused)
    {
        var outcome = await _site.RunAsync(body, Site.Transaction(), Stage.Preq);

        Assert.Equal(isRefused, outcome.Failure is not null);
        Assert.Equal(isRefused ? RuleStatusKind.Deny : RuleStatusKind.Info, outcome.Status);
    }

    [Theory]
    [InlineData("next() == next()", "true")]
    [InlineData("next() is next()", "true")]
    [InlineData("accept() == next()", "false")]
    [InlineData("accept() not next()", "true")]
    [InlineData("deny() == deny()", "true")]
    [InlineData("deny(\"501 a\") == deny(\"502 a\")", "false")]
    [InlineData("deny(\"501 a\") == deny(\"501 a\")", "true")]
    [InlineData("quarantine(\"a\") == quarantine(\"b\")", "false")]
    [InlineData("next() == \"next\"", "false")]
    [InlineData("next().to_string()", "next")]
    [InlineData("faccept().to_debug()", "faccept")]
    [InlineData("`${quarantine(\"x\")} ${info(\"250 x\")} ${deny()} ${accept()}`", "quarantine info deny accept")]
    public async Task Statuses_compare_and_print(string script, string text) => Assert.Equal(text, await _site.EvalAsync(script));

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
            Assert.Equal(("no rules are configured", "main.vsl:1:13"), (outcome.Directive, outcome.Source));
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

    [Fact]
    public async Task Delegates_sleep_one_after_the_other_and_none_runs_twice()
    {
        const string Main = """
            import "svc" as svc;
            #{ postq: [
                rule "before" || { log("info", "before"); next() },
                delegate svc::scan "A" || { log("info", "A"); next() },
                rule "between" || { log("info", "between"); next() },
                delegate svc::scan "B" || { log("info", "B"); next() },
                rule "after" || { log("info", "after"); accept() },
            ] }
            """;
        var set = await _site.LoadGoodAsync(Main, ("svc.vsl", Service));
        var log = new ListLog();
        var context = Site.Transaction(log: log);

        var first = await _site.Engine.RunAsync(set, Stage.Postq, context, Site.Token);
        Assert.Equal(("A", "before"), (first.Delegate?.Directive, Texts(log)));
        var second = await _site.Engine.ResumeAsync(set, Stage.Postq, "A", context, Site.Token);
        Assert.Equal(("B", "before A between"), (second.Delegate?.Directive, Texts(log)));
        var last = await _site.Engine.ResumeAsync(set, Stage.Postq, "B", context, Site.Token);

        Assert.Equal((RuleStatusKind.Accept, "before A between B after"), (last.Status, Texts(log)));
        Assert.Equal(["B", "after"], last.Trace.Select(t => t.Name));
    }

    [Theory]
    [InlineData("nobody", Stage.Postq)]
    [InlineData("A", Stage.Delivery)]
    [InlineData("a rule", Stage.Postq)]
    public async Task Resuming_at_what_is_not_there_is_a_failure_that_says_so(string directive, Stage stage)
    {
        var set = await _site.LoadGoodAsync(
            "import \"svc\" as svc; #{ postq: [ delegate svc::scan \"A\" || next(), rule \"a rule\" || accept() ] }", ("svc.vsl", Service));

        var outcome = await _site.Engine.ResumeAsync(set, stage, directive, Site.Transaction(), Site.Token);

        Assert.Contains($"has no delegate \"{directive}\" to resume at", outcome.Failure?.Message, StringComparison.Ordinal);
    }

    public static TheoryData<DelegateResult, string> Results => new()
    {
        { new DelegateResult.Rejected("550 5.7.1 Virus detected"), "rejected 550 5.7.1 Virus detected" },
        { new DelegateResult.Absorbed(), "absorbed" },
        { new DelegateResult.Unscanned("too large"), "unscanned" },
        { new DelegateResult.Failed("connection refused"), "failed connection refused" },
        { new DelegateResult.Returned(), "returned" },
    };

    [Theory]
    [MemberData(nameof(Results))]
    public async Task Every_result_of_a_delegation_has_its_handler(DelegateResult result, string logged)
    {
        const string Main = """
            import "svc" as svc;
            #{ postq: [ delegate svc::scan "A" #{
                evaluate: || { log("info", "returned"); next() },
                rejected: |reply| { log("info", `rejected ${reply}`); next() },
                absorbed: || { log("info", "absorbed"); next() },
                unscanned: || { log("info", "unscanned"); next() },
                failed: |why| { log("info", `failed ${why}`); next() },
            }, rule "then" || accept() ] }
            """;
        var set = await _site.LoadGoodAsync(Main, ("svc.vsl", Service));
        var log = new ListLog();

        var outcome = await _site.Engine.ResumeAsync(set, Stage.Postq, "A", result, Site.Transaction(log: log), Site.Token);

        Assert.Null(outcome.Failure);
        Assert.True(set.Find("A")!.Handles(result));
        Assert.Equal((RuleStatusKind.Accept, "then", logged), (outcome.Status, outcome.Directive, Texts(log)));
    }

    [Fact]
    public async Task A_handler_may_leave_out_its_parameter_and_give_the_reply_on()
    {
        const string Main = """
            import "svc" as svc;
            #{ postq: [
                delegate svc::scan "A" #{ evaluate: || next(), rejected: || quarantine("q") },
                delegate svc::scan "B" #{ evaluate: || next(), rejected: |reply| deny(reply) },
            ] }
            """;
        var set = await _site.LoadGoodAsync(Main, ("svc.vsl", Service));
        var rejected = new DelegateResult.Rejected("550 5.7.1 Virus detected");

        Assert.Equal("q", (await _site.Engine.ResumeAsync(set, Stage.Postq, "A", rejected, Site.Transaction(), Site.Token)).Quarantine);
        Assert.Equal(
            new RuleReply(550, "5.7.1", "Virus detected"),
            (await _site.Engine.ResumeAsync(set, Stage.Postq, "B", rejected, Site.Transaction(), Site.Token)).Reply);
    }

    [Theory]
    [MemberData(nameof(Results))]
    public async Task Without_a_handler_a_mail_that_did_not_come_back_is_quarantined(DelegateResult result, string logged)
    {
        var set = await _site.LoadGoodAsync(
            "import \"svc\" as svc; #{ postq: [ delegate svc::scan \"A\" || accept() ] }", ("svc.vsl", Service));

        var outcome = await _site.Engine.ResumeAsync(set, Stage.Postq, "A", result, Site.Transaction(), Site.Token);

        var isReturned = result is DelegateResult.Returned;
        Assert.Equal(isReturned, set.Find("A")!.Handles(result));
        Assert.Equal(isReturned ? RuleStatusKind.Accept : RuleStatusKind.Quarantine, outcome.Status);
        Assert.Equal(isReturned ? null : "delegation", outcome.Quarantine);
        Assert.Equal(isReturned ? null : result.Reason, outcome.Reason);
        Assert.StartsWith(logged[..5], result.Reason, StringComparison.Ordinal);
        Assert.Equal("A", outcome.Directive);
    }

    [Theory]
    [InlineData("X-S: yes\r\n\r\n", true)]
    [InlineData("x-s: no\r\n\r\n", true)]
    [InlineData("Subject: X-S\r\n\r\n", false)]
    public void A_return_without_proof_is_unscanned(string headers, bool isScanned)
    {
        var service = new SmtpServiceSettings { Name = "s", Delegator = "h:1", Receiver = "127.0.0.1:2", Proof = ["X-S", "X-T"] };

        var result = DelegateResult.OfReturn(service, HeaderBlock.Parse(System.Text.Encoding.ASCII.GetBytes(headers)));

        Assert.Equal(isScanned, result is DelegateResult.Returned);
        Assert.IsType<DelegateResult.Returned>(DelegateResult.OfReturn(service with { Proof = [] }, HeaderBlock.Parse(default)));
    }

    [Fact]
    public async Task Services_are_found_at_the_stage_delivery_too()
    {
        var set = await _site.LoadGoodAsync("import \"svc\" as svc; #{ delivery: [ delegate svc::scan \"D\" || next() ] }", ("svc.vsl", Service));

        var outcome = await _site.Engine.RunAsync(set, Stage.Delivery, Site.Transaction(), Site.Token);

        Assert.Equal((Stage.Delivery, "D", "scan"), (outcome.Delegate!.Stage, outcome.Delegate.Directive, outcome.Delegate.Service.Name));
    }

    private static string Texts(ListLog log) => string.Join(' ', log.Lines.Select(l => l.Text));
}
