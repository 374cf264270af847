using Vsmtp.Vsl;

namespace Vsmtp.Rules.Tests;

/// <summary>A delegate to several services at once, and what its handlers can read.</summary>
public sealed class SeveralServicesTests
{
    private readonly Site _site = new();

    private static string Services { get; } = string.Concat("abcdefghi".Select(name => ServiceOf(name.ToString(), "keep_original: true,")))
        + ServiceOf("rewriter", "") + "service job cmd = #{ command: \"true\", timeout: \"1s\" };";

    [Theory]
    [InlineData("delegate [svc::a, svc::b] \"x\" || next()", "a b")]
    [InlineData("delegate [svc::b] \"x\" || next()", "b")]
    [InlineData("delegate [svc::rewriter] \"x\" || next()", "rewriter")]
    [InlineData("delegate [svc::c, svc::b, svc::a] \"x\" #{ evaluate: || next(), failed: || accept() }", "c b a")]
    [InlineData("delegate global::BOTH \"x\" || next()", "a b")]
    public async Task All_services_of_the_list_are_asked_at_once(string directive, string expected)
    {
        var set = await LoadAsync(directive);
        var outcome = await _site.Engine.RunAsync(set, Stage.Postq, Site.Transaction(), Site.Token);

        Assert.Equal(expected, string.Join(' ', outcome.Delegate!.Services.Select(service => service.Name)));
        Assert.Equal(expected, string.Join(' ', set.Find("x")!.ServiceNames));
    }

    [Theory]
    [InlineData("delegate [svc::a, svc::rewriter] \"x\" || next()", "5:19", "of several services each needs `keep_original: true`, and `rewriter` has not")]
    [InlineData("delegate [svc::a, svc::b, svc::a] \"x\" || next()", "5:27", "names the service `a` twice")]
    [InlineData("delegate [svc::a, 5] \"x\" || next()", "5:19", "comes an smtp service, not a value of type i64")]
    [InlineData("delegate [svc::a, svc::job] \"x\" || next()", "5:19", "`job` is of kind cmd")]
    [InlineData("delegate [] \"x\" || next()", "5:1", "it names no service")]
    [InlineData("delegate [svc::a, svc::b, svc::c, svc::d, svc::e, svc::f, svc::g, svc::h, svc::i] \"x\" || next()", "5:1", "at most 8 services")]
    public async Task What_cannot_be_asked_at_once_is_an_error_at_its_place(string directive, string place, string words)
    {
        var error = Assert.Single(await _site.FindAsync(DiagnosticSeverity.Error, Script(directive), ("svc.vsl", Services)));

        Assert.StartsWith($"main.vsl:{place}: error: delegate \"x\"", error, StringComparison.Ordinal);
        Assert.Contains(words, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("next()", RuleStatusKind.Next)]
    [InlineData("accept()", RuleStatusKind.Accept)]
    [InlineData("info(\"250 fine\")", RuleStatusKind.Info)]
    public async Task While_others_are_awaited_a_handler_that_lets_it_go_on_ends_nothing(string status, RuleStatusKind said)
    {
        var set = await LoadAsync($"delegate [svc::a, svc::b] \"x\" || {status}, rule \"then\" || deny()");
        var outcome = await ResumeAsync(set, new DelegateResume("x", Visit("a")) { AwaitsOthers = true });

        Assert.True(outcome.IsAwaiting);
        Assert.Equal(said, outcome.Status);
        Assert.Equal(["x"], outcome.Trace.Select(step => step.Name));
    }

    [Theory]
    [InlineData("deny()", RuleStatusKind.Deny)]
    [InlineData("quarantine(\"q\")", RuleStatusKind.Quarantine)]
    [InlineData("faccept()", RuleStatusKind.ForceAccept)]
    [InlineData("1 / 0", RuleStatusKind.Deny)]
    public async Task While_others_are_awaited_all_else_decides_at_once(string status, RuleStatusKind said)
    {
        var set = await LoadAsync($"delegate [svc::a, svc::b] \"x\" || {status}, rule \"then\" || accept()");
        var outcome = await ResumeAsync(set, new DelegateResume("x", Visit("a")) { AwaitsOthers = true });

        Assert.Equal((false, said, "x"), (outcome.IsAwaiting, outcome.Status, outcome.Directive));
    }

    [Fact]
    public async Task In_preq_the_client_waits_for_the_most_patient_and_an_info_refuses_at_once()
    {
        var services = ServiceOf("a", "keep_original: true, preq_wait: \"10s\", preq_late: \"accept\",") + ServiceOf("b", "keep_original: true, preq_wait: \"40s\",");
        var set = await _site.LoadGoodAsync("import \"svc\" as svc; #{ preq: [ delegate [svc::a, svc::b] \"x\" || info(\"451 later\") ] }", ("svc.vsl", services));
        var request = (await _site.Engine.RunAsync(set, Stage.Preq, Site.Transaction(), Site.Token)).Delegate!;
        Assert.Equal((TimeSpan.FromSeconds(40), false), (request.PreqWait, request.AcceptsLate));

        var outcome = await _site.Engine.ResumeAsync(set, Stage.Preq, new DelegateResume("x", Visit("a")) { AwaitsOthers = true }, Site.Transaction(), Site.Token);
        Assert.Equal((false, RuleStatusKind.Info), (outcome.IsAwaiting, outcome.Status));
    }

    [Fact]
    public async Task An_outcome_without_a_handler_decides_though_others_are_awaited()
    {
        var set = await LoadAsync("delegate [svc::a, svc::b] \"x\" || accept()");
        var outcome = await ResumeAsync(set, new DelegateResume("x", Visit("a", new DelegateResult.Absorbed())) { AwaitsOthers = true });

        Assert.Equal((false, "delegation"), (outcome.IsAwaiting, outcome.Quarantine));
        var step = Assert.Single(outcome.Trace);
        Assert.Equal(("a", null), (step.Visit?.Service, step.Handler));
    }

    [Theory]
    [InlineData("next()", false, RuleStatusKind.Deny)]         // the directive behind
    [InlineData("next()", true, RuleStatusKind.Accept)]
    [InlineData("accept()", false, RuleStatusKind.Accept)]
    [InlineData("faccept()", true, RuleStatusKind.ForceAccept)]
    [InlineData("quarantine(\"q\")", true, RuleStatusKind.Quarantine)]
    public async Task The_last_ones_next_is_followed_by_an_earlier_accept_or_by_what_stands_behind(string last, bool hasConsent, RuleStatusKind said)
    {
        var set = await LoadAsync($"delegate [svc::a, svc::b] \"x\" || {last}, rule \"then\" || deny()");
        var outcome = await ResumeAsync(set, new DelegateResume("x", Visit("b")) { Earlier = [Visit("a")], HasConsent = hasConsent });

        Assert.Equal((false, said), (outcome.IsAwaiting, outcome.Status));
    }

    [Theory]
    [InlineData("delegation().service", "b")]
    [InlineData("delegation().outcome", "rejected")]
    [InlineData("delegation().why", "rejected: 550 5.7.1 No")]
    [InlineData("delegation().attempts", "3")]
    [InlineData("delegation().code", "550")]
    [InlineData("delegation().reply", "550 5.7.1 No")]
    [InlineData("delegation().seconds", "1.5")]
    [InlineData("delegation().headers.len()", "0")]
    [InlineData("ctx().delegation.service", "b")]
    [InlineData("ctx().delegation().service", "b")]
    [InlineData("sys::delegation(ctx()).service", "b")]
    [InlineData("delegations().keys()", "[\"a\", \"b\"]")]
    [InlineData("delegations().a.outcome", "returned")]
    [InlineData("delegations().a.headers[\"X-Score\"]", "[\"9\", \"10\"]")]
    [InlineData("\"X-Other\" in delegations().a.headers", "false")]
    [InlineData("delegations().a.code", "0")]
    [InlineData("delegations().a.reply == \"\"", "true")]
    [InlineData("ctx().delegations.b.service", "b")]
    public async Task A_handler_reads_its_own_outcome_and_all_that_are_known(string expression, string text)
    {
        var set = await LoadAsync($"delegate [svc::a, svc::b] \"x\" #{{ evaluate: || deny(), rejected: || {{ log(\"info\", ({expression}).to_string()); next() }} }}");
        var log = new ListLog();
        var outcome = await ResumeAsync(set, TwoVisits, log);

        Assert.Null(outcome.Failure);
        Assert.Equal(text, Assert.Single(log.Lines).Text);
    }

    [Fact]
    public async Task The_directives_behind_it_read_it_too_and_those_of_another_stage_do_not()
    {
        var set = await LoadAsync(
            "delegate [svc::a, svc::b] \"x\" #{ evaluate: || deny(), rejected: || next() }, rule \"then\" || quarantine(delegation().service)",
            "delivery: [ rule \"late\" || quarantine(delegation().service) ],");
        var context = Site.Transaction();

        Assert.Equal("b", (await _site.Engine.ResumeAsync(set, Stage.Postq, TwoVisits, context, Site.Token)).Quarantine);
        var late = await _site.Engine.RunAsync(set, Stage.Delivery, context, Site.Token);
        Assert.Contains("`delegation` can be read in the handlers of a delegate", late.Failure?.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("delegation()")]
    [InlineData("delegations()")]
    [InlineData("ctx().delegation")]
    public async Task Elsewhere_there_is_nothing_to_read_and_words_say_so(string expression)
    {
        var text = await _site.EvalAsync(expression);

        Assert.StartsWith("error: ", text);
        Assert.Contains("can be read in the handlers of a delegate and in the directives of its stage that follow it", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_trace_names_service_and_handler()
    {
        var set = await LoadAsync("delegate [svc::a, svc::b] \"x\" #{ evaluate: || deny(), rejected: || next() }, rule \"then\" || next()");
        var steps = (await ResumeAsync(set, TwoVisits)).Trace;

        Assert.Equal([("x", "b", "rejected"), ("then", null, null)], steps.Select(step => (step.Name, step.Visit?.Service, step.Handler)));
    }

    private static DelegateResume TwoVisits => new("x", Visit("b", new DelegateResult.Rejected("550 5.7.1 No")) with
    {
        Attempts = 3,
        Reply = "550 5.7.1 No",
        Duration = TimeSpan.FromSeconds(1.5),
    })
    {
        Earlier = [Visit("a") with { Headers = [new VerdictHeader("X-Score", "9"), new VerdictHeader("X-Score", "10")] }],
    };

    private static DelegateVisit Visit(string service, DelegateResult? result = null) =>
        new() { Service = service, Result = result ?? new DelegateResult.Returned() };

    private static string ServiceOf(string name, string keys) =>
        $"service {name} smtp = #{{ delegator: #{{ address: \"127.0.0.1:10026\" }}, receiver: \"127.0.0.1:10025\", {keys} proof: [\"X-S\"] }};\n";

    private static string Script(string directives, string further = "") =>
        $"import \"svc\" as svc;\nconst BOTH = [svc::a, svc::b];\n#{{ {further}\npostq: [\n{directives}\n] }}";

    private Task<RuleSet> LoadAsync(string directives, string further = "") => _site.LoadGoodAsync(Script(directives, further), ("svc.vsl", Services));

    private ValueTask<StageOutcome> ResumeAsync(RuleSet set, DelegateResume resume, ListLog? log = null) =>
        _site.Engine.ResumeAsync(set, Stage.Postq, resume, Site.Transaction(log: log), Site.Token);
}
