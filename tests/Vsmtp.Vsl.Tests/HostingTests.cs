using System.Text;
using Vsmtp.Vsl.Tests.Support;

namespace Vsmtp.Vsl.Tests;

/// <summary>What a host relies on: one evaluation of the top level, shared scripts, errors with their places.</summary>
public sealed class HostingTests
{
    [Fact]
    public async Task Top_level_runs_once_however_often_directives_run()
    {
        var output = new StringBuilder();
        var (script, directive) = await Load("print(\"top\"); const LIST = [1]; rule \"r\" || { let l = global::LIST; l.push(2); l.len }", output);
        for (var i = 0; i < 3; i++) Assert.Equal("2", (await NewRun(script).InvokeAsync(directive.Body)).Value.ToDebug());
        Assert.Equal("top\n", output.ToString());
    }

    [Fact]
    public async Task Scripts_are_shared_by_parallel_runs()
    {
        var (script, directive) = await Load("""
            const SHARED = #{ list: [3, 1, 2], deep: #{ n: [0] } };
            fn work(n) { let l = global::SHARED; l.list.push(n); l.list.sort(); l.deep.n[0] = n; later(l) }
            rule "r" |n| { let l = work(n); `${l.list} ${l.deep.n} ${global::SHARED.deep.n}` }
            """);
        var answers = await Task.WhenAll(Enumerable.Range(4, 64).Select(n => Task.Run(async () =>
            (n, Answer: (await NewRun(script).InvokeAsync(directive.Body, new Value[] { n })).Value.ToText()))));
        Assert.All(answers, a => Assert.Equal($"[1, 2, 3, {a.n}] [{a.n}] [0]", a.Answer));
    }

    [Fact]
    public async Task Body_that_never_waits_completes_at_once()
    {
        var (script, directive) = await Load("fn f(x) { x * 2 } rule \"r\" || { let s = 0; for i in 0..10 { s += f(i) } s }");
        var pending = NewRun(script).InvokeAsync(directive.Body);
        Assert.True(pending.IsCompletedSuccessfully);
        Assert.Equal("90", (await pending).Value.ToDebug());
    }

    [Fact]
    public async Task Body_that_waits_blocks_no_thread()
    {
        var gate = new TaskCompletionSource<Completion>(TaskCreationOptions.RunContinuationsAsynchronously);
        var host = new ScriptHostBuilder().AsyncFunction("look_up", 1, (_, _) => new ValueTask<Completion>(gate.Task)).Build();
        var files = new MemoryScriptFiles([new ScriptFile("main.vsl", "fn f(x) { look_up(x) + 1 } rule \"r\" || [1, 2].map(|x| f(x))")]);
        var script = ScriptCompiler.Compile(files, "main.vsl", host).Script!;
        var main = await script.EvaluateAsync(new ScriptRunOptions());
        Assert.True(main.Value.TryAsHost<Directive>(out var directive));
        var pending = NewRun(script).InvokeAsync(directive.Body).AsTask();
        Assert.False(pending.IsCompleted);
        gate.SetResult(Completion.Of(41));
        Assert.Equal("[42, 42]", (await pending).Value.ToDebug());
    }

    [Fact]
    public async Task Directive_in_map_form_keeps_its_options()
    {
        var (script, directive) = await Load(
            "service s smtp = #{}; delegate s \"scan\" #{ evaluate: || next(), rejected: |reply| deny(reply), author: \"me\" }");
        Assert.Equal(DirectiveKind.Delegate, directive.Kind);
        Assert.Equal("scan", directive.Name);
        Assert.Equal("smtp s", directive.Service.ToText());
        Assert.Equal(["author", "evaluate", "rejected"], directive.Options.Keys.Order());
        Assert.Equal(new SourceSpan("main.vsl", 1, 23, 1, 40), directive.Span);
        Assert.True(directive.Options["rejected"].TryAsFunction(out var rejected));
        Assert.Equal(1, rejected.ParameterCount);
        var verdict = await NewRun(script).InvokeAsync(rejected, new Value[] { "550 no" });
        Assert.Equal("deny", verdict.Value.ToText());
    }

    [Fact]
    public async Task Errors_name_place_and_calls()
    {
        var (script, directive) = await Load("fn deep() {\n  [1][7]\n}\nfn outer() { deep() }\nrule \"r\" || {\n  outer()\n}");
        var failure = (await NewRun(script).InvokeAsync(directive.Body)).Failure!;
        Assert.Equal("main.vsl:2:3", failure.Span.ToString());
        Assert.Equal(["deep", "outer", "closure"], failure.Trace.Select(t => t.Function));
        Assert.Equal(["main.vsl:4:14", "main.vsl:6:3", "main.vsl:5:10"], failure.Trace.Select(t => t.CallSite.ToString()));
    }

    [Fact]
    public async Task Host_errors_are_strings_in_catch_and_have_the_call_site_outside()
    {
        var (script, directive) = await Load("rule \"r\" || {\n  fail(\"no such address\")\n}");
        var failure = (await NewRun(script).InvokeAsync(directive.Body)).Failure!;
        Assert.Equal(ScriptErrorKind.Host, failure.Kind);
        Assert.Equal("no such address", failure.Message);
        Assert.Equal("\"no such address\"", failure.Thrown.ToDebug());
        Assert.Equal("main.vsl:2:3", failure.Span.ToString());
    }

    [Fact]
    public async Task State_is_seen_in_a_run_and_not_at_the_top_level()
    {
        var (script, directive) = await Load("print(state()); rule \"r\" || state()");
        var run = new ScriptRun(script, "mail 7", BudgetLimits.Default, TimeProvider.System);
        Assert.Equal("mail 7", (await run.InvokeAsync(directive.Body)).Value.ToText());
    }

    [Fact]
    public async Task Script_cannot_change_what_the_host_keeps()
    {
        var kept = new VslArray([1, new VslArray([2])]);
        var host = new ScriptHostBuilder().Function("kept", 0, (_, _) => Completion.Of(kept)).Constant("holder", new Holder(kept)).Build();
        var files = new MemoryScriptFiles([new ScriptFile("main.vsl", """
            let a = kept(); a.push(9); a[1].push(9);
            let h = holder; h.list.push(9); h.list[1].push(9); h[1].push(9); push(h.list, 9);
            for x in holder { if type_of(x) == "array" { x.push(9); } }
            a
            """)]);
        var result = await ScriptCompiler.Compile(files, "main.vsl", host).Script!.EvaluateAsync(new ScriptRunOptions());
        Assert.Equal("[1, [2, 9], 9]", result.Value.ToDebug());
        Assert.Equal("[1, [2]]", Value.From(kept).ToDebug());
    }

    [Fact]
    public async Task Cancelled_wait_ends_with_an_error()
    {
        using var source = new CancellationTokenSource();
        var host = new ScriptHostBuilder().AsyncFunction("wait", 0, async (call, _) =>
        {
            await source.CancelAsync();
            await Task.Delay(Timeout.Infinite, call.Cancellation);
            return Completion.Unit;
        }).Build();
        var files = new MemoryScriptFiles([new ScriptFile("main.vsl", "try { wait() } catch { 1 }")]);
        var script = ScriptCompiler.Compile(files, "main.vsl", host).Script!;
        var result = await script.EvaluateAsync(new ScriptRunOptions(), source.Token);
        Assert.Equal("main.vsl:1:7: error: Script was cancelled", result.Failure!.ToString());
    }

    [Fact]
    public async Task Stored_texts_compile_to_the_same_script()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "Snippets");
        var first = ScriptCompiler.Compile(new DirectoryScriptFiles(folder), "062-import.vsl", TestHost.Instance);
        Assert.Equal(["062-import.vsl", "modules/lib.vsl", "modules/inner.vsl"], first.Script!.Files.Select(f => f.Path));
        var again = ScriptCompiler.Compile(new MemoryScriptFiles(first.Script.Files), "062-import.vsl", TestHost.Instance);
        var (one, two) = (await first.Script.EvaluateAsync(new ScriptRunOptions()), await again.Script!.EvaluateAsync(new ScriptRunOptions()));
        Assert.Equal(one.Value.ToDebug(), two.Value.ToDebug());
    }

    [Theory]
    [InlineData("rules/main.vsl", "lib/net", "rules/lib/net.vsl")]
    [InlineData("rules/main.vsl", "../shared/net.txt", "shared/net.vsl")]
    [InlineData("main.vsl", "./a/../b", "b.vsl")]
    [InlineData("main.vsl", "/etc/vsmtp/x", "/etc/vsmtp/x.vsl")]
    public void Imports_are_relative_to_the_main_script(string main, string import, string expected)
    {
        var files = new MemoryScriptFiles([new ScriptFile(main, $"import \"{import}\" as x;"), new ScriptFile(expected, "")]);
        var result = ScriptCompiler.Compile(files, main, ScriptHost.Bare);
        Assert.Empty(result.Diagnostics);
        Assert.Equal([main, expected], result.Files.Select(f => f.Path));
    }

    [Fact]
    public void Import_of_an_import_is_relative_to_the_main_script_too()
    {
        var files = new MemoryScriptFiles([
            new ScriptFile("main.vsl", "import \"lib/a\" as a;"),
            new ScriptFile("lib/a.vsl", "import \"lib/b\" as b;"),
            new ScriptFile("lib/b.vsl", "")]);
        Assert.Empty(ScriptCompiler.Compile(files, "main.vsl", ScriptHost.Bare).Diagnostics);
    }

    [Fact]
    public void Missing_main_script_is_an_error()
    {
        var result = ScriptCompiler.Compile(new MemoryScriptFiles([]), "main.vsl", ScriptHost.Bare);
        Assert.Equal("cannot read the script 'main.vsl'", Assert.Single(result.Diagnostics).Message);
    }

    [Fact]
    public async Task Byte_order_mark_and_carriage_returns_do_not_matter()
    {
        Assert.Equal("\"a\\nb\"", await TestScript.Result("\uFEFFlet s = `\r\na\r\nb`;\r\ns\r\n"));
    }

    private sealed class Holder(VslArray list) : HostObject
    {
        public override string TypeName => "Holder";

        public override IEnumerable<Value> Items => list;

        public override bool TryGetProperty(string name, HostCall call, out Completion value)
        {
            value = Completion.Of(list);
            return name == "list";
        }
    }

    private static ScriptRun NewRun(Script script) => new(script, null, BudgetLimits.Default, TimeProvider.System);

    private static async Task<(Script Script, Directive Directive)> Load(string text, StringBuilder? output = null)
    {
        var compiled = TestScript.Compile(text);
        Assert.False(compiled.HasErrors, new DiagnosticRenderer(compiled.Files).Render(compiled.Diagnostics));
        var main = await compiled.Script!.EvaluateAsync(new ScriptRunOptions { State = output });
        Assert.True(main.Value.TryAsHost<Directive>(out var directive), main.Failure?.ToString());
        return (compiled.Script, directive);
    }
}
