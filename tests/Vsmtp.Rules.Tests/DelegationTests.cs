using System.Text;
using Vsmtp.Mail.Delegation;
using Vsmtp.Mail.Headers;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Tests;

/// <summary>Sleeping at a delegate, and going on with what became of it.</summary>
public sealed class DelegationTests
{
    private const string Service = "service scan smtp = #{ delegator: #{ address: \"127.0.0.1:10026\" }, receiver: \"127.0.0.1:10025\", proof: [\"X-S\"] };";

    private readonly Site _site = new();

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
        var second = await ResumeAsync(set, "A", new DelegateResult.Returned(), context);
        Assert.Equal(("B", "before A between"), (second.Delegate?.Directive, Texts(log)));
        var last = await ResumeAsync(set, "B", new DelegateResult.Returned(), context);

        Assert.Equal((RuleStatusKind.Accept, "before A between B after"), (last.Status, Texts(log)));
        Assert.Equal(["B", "after"], last.Trace.Select(t => t.Name));
    }

    [Fact]
    public async Task In_preq_a_service_must_say_how_long_the_client_waits()
    {
        const string Main = "import \"svc\" as svc;\n#{ preq: [ delegate svc::scan \"A\" || next() ] }";
        var error = Assert.Single(await _site.FindAsync(DiagnosticSeverity.Error, Main, ("svc.vsl", Service)));
        Assert.StartsWith("main.vsl:2:12: error: delegate \"A\" cannot be in the stage `preq`", error);
        Assert.Contains("service `scan` does not say how long; give it `preq_wait: \"30s\"`", error, StringComparison.Ordinal);

        var waiting = Service.Replace("proof:", "preq_wait: \"30s\", proof:", StringComparison.Ordinal);
        var set = await _site.LoadGoodAsync(Main, ("svc.vsl", waiting));
        var context = Site.Transaction();
        var asked = await _site.Engine.RunAsync(set, Stage.Preq, context, Site.Token);
        Assert.Equal((Stage.Preq, "A", TimeSpan.FromSeconds(30)), (asked.Delegate?.Stage, asked.Delegate?.Directive, asked.Delegate?.Service.PreqWait));
        Assert.Equal(RuleStatusKind.Next, (await ResumeAsync(set, "A", new DelegateResult.Returned(), context, Stage.Preq)).Status);
    }

    [Theory]
    [InlineData("nobody", Stage.Postq)]
    [InlineData("A", Stage.Delivery)]
    [InlineData("a rule", Stage.Postq)]
    public async Task Resuming_at_what_is_not_there_is_a_failure_that_says_so(string directive, Stage stage)
    {
        var set = await _site.LoadGoodAsync(
            "import \"svc\" as svc; #{ postq: [ delegate svc::scan \"A\" || next(), rule \"a rule\" || accept() ] }", ("svc.vsl", Service));

        var outcome = await ResumeAsync(set, directive, new DelegateResult.Returned(), Site.Transaction(), stage);

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

        var outcome = await ResumeAsync(set, "A", result, Site.Transaction(log: log));

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

        Assert.Equal("q", (await ResumeAsync(set, "A", rejected, Site.Transaction())).Quarantine);
        Assert.Equal(
            new RuleReply(550, "5.7.1", "Virus detected"),
            (await ResumeAsync(set, "B", rejected, Site.Transaction())).Reply);
    }

    [Theory]
    [MemberData(nameof(Results))]
    public async Task Without_a_handler_a_mail_that_did_not_come_back_is_quarantined(DelegateResult result, string logged)
    {
        var set = await _site.LoadGoodAsync(
            "import \"svc\" as svc; #{ postq: [ delegate svc::scan \"A\" || accept() ] }", ("svc.vsl", Service));

        var outcome = await ResumeAsync(set, "A", result, Site.Transaction());

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

        var result = DelegateResult.OfReturn(service, HeaderBlock.Parse(Encoding.ASCII.GetBytes(headers)));

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

    private ValueTask<StageOutcome> ResumeAsync(RuleSet set, string directive, DelegateResult result, RuleContext context, Stage stage = Stage.Postq) =>
        _site.Engine.ResumeAsync(
            set, stage, new DelegateResume(directive, new DelegateVisit { Service = "scan", Result = result }), context, Site.Token);

    private static string Texts(ListLog log) => string.Join(' ', log.Lines.Select(l => l.Text));
}
