using Vsmtp.Vsl;

namespace Vsmtp.Rules.Tests;

/// <summary>What start-up and <c>vsmtp check</c> find, each with its place.</summary>
public sealed class StartUpTests
{
    private const string Service = "service scan smtp = #{ delegator: #{ address: \"127.0.0.1:10026\" }, receiver: \"127.0.0.1:10025\", proof: [\"X-S\"] };";

    private readonly Site _site = new();

    public static TheoryData<string, string, string> Faults => new()
    {
        { "#{\n  rctp: [] }", "main.vsl:2:3: error: ", "there is no stage `rctp` (did you mean `rcpt`?)" },
        { "#{ postq: [],\n  \"xyzzy\": [] }", "main.vsl:2:3: error: ", "there is no stage `xyzzy`" },
        { "#{\n  mail: 5 }", "main.vsl:2:3: error: ", "the stage `mail` must be an array of directives, not a value of type i64" },
        { "#{\n mail: [ rule \"a\" || next(), 5 ] }", "main.vsl:2:2: error: ", "element 2 of the stage `mail` is not a directive" },
        { "let a = 1;\na + 1", "main.vsl:2:", "must give a map of stages, not a value of type i64" },
        { "#{ mail: [ rule \"a\" || next() ],\n  rcpt: [ rule \"a\" || next() ] }", "main.vsl:2:11: error: ", "two directives named \"a\"" },
        { "#{ rcpt: [ action \"a\" || 1 ],\n  postq: [ rule \"a\" || next() ] }", "main.vsl:2:12: error: ", "two directives named \"a\"" },
        { "import \"svc\" as svc; #{\n  preq: [ delegate svc::scan \"a\" || next() ] }", "main.vsl:2:11: error: ", "delegate from `postq` on" },
        { "import \"svc\" as svc; #{\n  rcpt: [ delegate svc::scan \"b\" || next() ] }", "main.vsl:2:11: error: ", "cannot be in the stage `rcpt`" },
        { "#{\n  postq: [ delegate \"x\" \"a\" || next() ] }", "main.vsl:2:12: error: ", "after `delegate` comes an smtp service, not a value of type string" },
        { "import \"svc\" as svc; #{\n  postq: [ delegate svc::cmd \"a\" || next() ] }", "main.vsl:2:12: error: ", "`cmd` is of kind cmd" },
        { "import \"svc\" as svc; #{\n  postq: [ delegate svc::scan \"a; b\" || next() ] }", "main.vsl:2:12: error: ", "the name travels in a header" },
        { "import \"svc\" as svc; #{\n  postq: [ delegate svc::scan \"caf\u00e9\" || next() ] }", "main.vsl:2:12: error: ", "the name travels in a header" },
        { "import \"svc\" as svc; #{\n  postq: [ delegate svc::scan \"a\" #{ evaluate: || next(), rejected: 5 } ] }", "main.vsl:2:12: error: ", "`rejected` must be a closure" },
        { "import \"svc\" as svc; #{\n  postq: [ delegate svc::scan \"a\" #{ evaluate: || next(), absorbed: |x| next() } ] }", "main.vsl:2:12: error: ", "`absorbed` is given no parameters" },
        { "#{\n  postq: [ rule \"a\" |x| next() ] }", "main.vsl:2:12: error: ", "a body with parameters" },
        { "#{ mail: [\n rule \"a\" #{ comment: 1 } ] }", "main.vsl:2:11: error: ", "evaluate" },
        { "#{ mail: [\n rule \"a\" #{ evaluate: 1 } ] }", "main.vsl:2:", "closure" },
        { "#{ mail: [\n rule \"a\" 5 ] }", "main.vsl:2:", "" },
        { "#{ mail: [ rule \"a\" || next( ] }", "main.vsl:1:", "" },
        { "import \"nowhere\" as n;\n#{}", "main.vsl:1:", "nowhere" },
        { "object a ip5 = \"1.2.3.4\";\n#{}", "main.vsl:1:", "ip5" },
        { "service a smpt = #{};\n#{}", "main.vsl:1:", "smpt" },
        { "#{ mail: [], mail: [] }", "main.vsl:1:", "mail" },
        { "\nobject a ip4 = \"1.2.3\";\n#{}", "main.vsl:2:", "object `a`: `1.2.3` is not an IPv4 address" },
        { "\nobject a rg4 = \"1.2.3.4\";\n#{}", "main.vsl:2:", "`1.2.3.4` is not an IPv4 network" },
        { "\nobject a ip4 = 5;\n#{}", "main.vsl:2:", "a ip4 is a string" },
        { "\nobject a group = \"x\";\n#{}", "main.vsl:2:", "a group is an array" },
        { "\nobject a group = [ 5 ];\n#{}", "main.vsl:2:", "`5` in the group is no object" },
        { "\nobject a file:ip4 = \"relative\";\n#{}", "main.vsl:2:", "must be absolute" },
        { "\nobject a file:ip4 = \"/nowhere/at/all\";\n#{}", "main.vsl:2:", "/nowhere/at/all" },
        { "\nobject a code = #{ code: 250, text: \"x\" };\n#{}", "main.vsl:2:", "no key `enhanced`" },
        { "\nobject a regex = \"(a\";\n#{}", "main.vsl:2:", "regular expression" },
        { "fn f() {\n throw \"boom\" }\nf();\n#{}", "main.vsl:2:", "boom" },
        { "let x = client_ip();\n#{}", "main.vsl:1:9: error: ", "`client_ip` needs a transaction" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_fault_is_found_with_its_place(string main, string place, string text)
    {
        var errors = await _site.FindAsync(
            DiagnosticSeverity.Error, main,
            ("svc.vsl", $"{Service}\nservice cmd cmd = #{{ command: \"ls\", timeout: \"1s\" }};"));

        Assert.Contains(errors, e => e.StartsWith(place, StringComparison.Ordinal) && e.Contains(text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("// nothing")]
    [InlineData("let a = 1;")]
    [InlineData("fn f() { #{ mail: [] } }")]
    public async Task A_script_that_gives_nothing_is_an_error_with_a_place(string main)
    {
        var errors = await _site.FindAsync(DiagnosticSeverity.Error, main);

        Assert.Matches(@"^main\.vsl:1:\d+: error: the last statement of the main script must give a map of stages, not a value of type \(\)$", Assert.Single(errors));
    }

    [Fact]
    public async Task A_missing_main_script_is_an_error_that_names_it()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName(), "main.vsl");

        var result = await RuleSetLoader.LoadAsync(path, _site.Options, Site.Token);

        Assert.Null(result.Set);
        Assert.Equal($"main.vsl:1:1: error: cannot read the script '{path}': there is no such file", Assert.Single(result.Diagnostics).ToString());
    }

    [Fact]
    public async Task Faults_of_all_stages_and_services_come_at_once()
    {
        const string Main = """
            import "svc" as svc;
            #{
                halo: [],
                rcpt: [ delegate svc::one "a" || next() ],
                postq: [ 1, delegate svc::one "a" || next() ],
            }
            """;
        const string Services = """
            service one smtp = #{ delegator: #{ address: "nonsense" } };
            service two smtp = #{ receiver: "127.0.0.1:10025", max_in_flight: 0 };
            """;

        var errors = await _site.FindAsync(DiagnosticSeverity.Error, Main, ("svc.vsl", Services));

        string[] expected =
        [
            "main.vsl:3:5: error: there is no stage `halo` (did you mean `helo`?)",
            "main.vsl:4:13: error: delegate \"a\" cannot be in the stage `rcpt`",
            "main.vsl:5:5: error: element 1 of the stage `postq` is not a directive",
            "error: there are two directives named \"a\"",
            "svc.vsl:1:1: error: `nonsense` is not an address of a service",
            "svc.vsl:1:1: error: service `one` has no key `receiver`",
            "svc.vsl:2:1: error: service `two` has no key `delegator`",
            "svc.vsl:2:1: error: `max_in_flight` of service `two` must be an integer from 1 to 1000; it is 0",
        ];
        Assert.All(expected, text => Assert.Contains(errors, e => e.Contains(text, StringComparison.Ordinal)));
        Assert.Equal(expected.Length, errors.Length);
    }

    [Fact]
    public async Task A_duplicate_name_points_at_both_places()
    {
        var result = await _site.LoadAsync("#{ mail: [ rule \"a\" || next() ],\n  rcpt: [ rule \"a\" || next() ] }");

        var error = Assert.Single(result.Diagnostics, d => d.Severity is DiagnosticSeverity.Error);
        Assert.Equal("main.vsl:2:11", error.Span.ToString());
        Assert.Equal("main.vsl:1:12", Assert.Single(error.Notes).Span.ToString());
    }

    [Fact]
    public async Task An_error_of_the_top_level_tells_the_calls_that_led_to_it()
    {
        var result = await _site.LoadAsync("fn g() { throw \"boom\" }\nfn f() { g() }\nf();\n#{}");

        var error = Assert.Single(result.Diagnostics);
        Assert.Equal("main.vsl:1:10", error.Span.ToString());
        Assert.Equal(["main.vsl:2:10", "main.vsl:3:1"], error.Notes.Select(n => n.Span.ToString()));
    }

    [Fact]
    public async Task Two_services_of_one_name_are_refused_because_sleeping_mails_find_theirs_by_name()
    {
        var errors = await _site.FindAsync(
            DiagnosticSeverity.Error, "import \"a\" as a; import \"b\" as b; #{}", ("a.vsl", Service), ("b.vsl", Service));

        Assert.Equal("b.vsl:1:1: error: there is another service named `scan`", Assert.Single(errors));
    }

    [Fact]
    public async Task Functions_that_are_built_later_are_warned_of_where_they_are_called()
    {
        const string Main = """
            // check_spf("in a comment")
            import "own" as own; fn sign_dkim(x) { x }
            #{ postq: [
                rule "a" || { sign_dkim("own"); let s = `${sys::check_dmarc()} check_spf("in a text")`; msg().verify_dkim(); spf::check("none"); own::check_dmarc(); next() }
            ] }
            """;

        var warnings = await _site.FindAsync(DiagnosticSeverity.Warning, Main, ("own.vsl", "fn check_dmarc() { 1 }"));

        Assert.Collection(
            warnings.Where(w => w.Contains("built later", StringComparison.Ordinal)),
            w => Assert.StartsWith("main.vsl:4:53: warning: `check_dmarc` is built later, with DMARC", w, StringComparison.Ordinal),
            w => Assert.StartsWith("main.vsl:4:99: warning: `verify_dkim` is built later, with DKIM", w, StringComparison.Ordinal),
            w => Assert.StartsWith("main.vsl:4:119: warning: `spf::check` is built later, with SPF", w, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_misspelt_function_is_warned_of()
    {
        var warnings = await _site.FindAsync(DiagnosticSeverity.Warning, "#{ postq: [ rule \"a\" || { if has_haeder(\"X\") { deny() } else { next() } } ] }");

        Assert.Contains("has_header", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_function_of_the_api_is_known_under_all_its_forms()
    {
        const string Main = """
            #{ postq: [ rule "a" || {
                msg().has_header("X"); sys::has_header(msg(), "X"); has_header("X");
                ctx().client_ip; ctx().client_ip(); sys::client_ip(ctx()); client_ip();
                ctx().forward_all("example.com"); toml::server; toml::app; srv();
                next()
            } ] }
            """;

        Assert.Empty(await _site.FindAsync(DiagnosticSeverity.Warning, Main));
        var outcome = await _site.Engine.RunAsync(await _site.LoadGoodAsync(Main), Stage.Postq, Site.Transaction(), Site.Token);
        Assert.Null(outcome.Failure);
    }

    [Theory]
    [InlineData("negotiationtls")]
    [InlineData("data")]
    [InlineData("stop")]
    public async Task Stages_that_never_ran_are_warned_of(string stage)
    {
        var warnings = await _site.FindAsync(DiagnosticSeverity.Warning, $"#{{ {stage}: [ rule \"a\" || next() ] }}");

        Assert.Equal($"main.vsl:1:4: warning: the stage `{stage}` never runs", Assert.Single(warnings));
    }

    [Fact]
    public async Task A_misspelt_handler_is_warned_of()
    {
        const string Main = "import \"svc\" as svc; #{ postq: [ delegate svc::scan \"a\" #{ evaluate: || next(), rejectd: || deny(), author: \"me\" } ] }";

        var warnings = await _site.FindAsync(DiagnosticSeverity.Warning, Main, ("svc.vsl", Service));

        Assert.Contains("`rejectd` handles nothing (did you mean `rejected`?)", Assert.Single(warnings), StringComparison.Ordinal);
    }
}
