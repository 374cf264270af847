using System.Text;
using Vsmtp.Vsl.Tests.Support;

namespace Vsmtp.Vsl.Tests;

/// <summary>Every script ends: with a value, an error of its own, or a spent limit that it cannot catch.</summary>
public sealed class BudgetTests
{
    private static readonly BudgetLimits Small = new()
    {
        MaxSteps = 20_000, MaxDepth = 20, MaxAllocatedBytes = 1_000_000, MaxOutputChars = 100, MaxTime = TimeSpan.FromSeconds(30),
    };

    [Theory]
    [InlineData("loop { }", "more than 20000 steps")]
    [InlineData("while true { try { throw 1 } catch { } }", "more than 20000 steps")]
    [InlineData("for i in 0..9223372036854775807 { }", "more than 20000 steps")]
    [InlineData("let a = []; a.pad(1000, 0); loop { a.contains(1) }", "more than 20000 steps")]
    [InlineData("loop { later(1) }", "more than 20000 steps")]
    [InlineData("range(0, 1000000).start; [1, 2].map(|x| { loop { } })", "more than 20000 steps")]
    [InlineData("fn f() { f() } f()", "more than 20")]
    [InlineData("fn f() { later(f()) } f()", "more than 20")]
    [InlineData("fn f(x) { g(x) } fn g(x) { try { f(x) } catch { 1 } } f(1)", "more than 20")]
    [InlineData("let f = |g| g.call(g); f.call(f)", "more than 20")]
    [InlineData("let s = \"x\"; loop { s += s }", "too much memory")]
    [InlineData("let s = \"\"; s.pad(9000000000000000000, 'x')", "too much memory")]
    [InlineData("let s = \"\"; s.pad(4000000, \"ab\")", "too much memory")]
    [InlineData("let a = []; a.pad(9000000000000000000, 0)", "too much memory")]
    [InlineData("let a = [1]; loop { a += a }", "too much memory")]
    [InlineData("let m = #{}; for i in 0..9000 { m[\"k\" + i] = [i, i, i] }", "too much memory")]
    [InlineData("blob(9000000000000000000)", "too much memory")]
    [InlineData("let s = \"aaaaaaaa\"; loop { s.replace(\"a\", s); }", "too much memory")]
    [InlineData("let s = \"x\"; loop { s = `${s}${s}` }", "too much memory")]
    [InlineData("let a = [1]; let b = [1]; for i in 0..40 { a = [a, a]; b = [b, b]; } a.to_string() + b.to_string()", "too much memory")]
    [InlineData("let s = \"\"; s.pad(100000, 'x'); for i in 0..100 { s[i] }", "more than 20000 steps")]
    [InlineData("let s = \"\"; s.pad(100000, 'x'); for i in 0..100 { s.len }", "more than 20000 steps")]
    [InlineData("let s = \"\"; s.pad(100000, 'x'); for i in 0..100 { s.get(i) }", "more than 20000 steps")]
    [InlineData("loop { print(\"0123456789\") }", "prints too much")]
    public async Task Script_that_takes_too_much_ends_with_an_error(string script, string expected)
    {
        var result = await TestScript.Run(script, Small);
        Assert.NotNull(result.Failure);
        Assert.Contains(expected, result.Failure.Message, StringComparison.Ordinal);
        Assert.Equal(ScriptErrorKind.Limit, result.Failure.Kind);
        Assert.False(result.Failure.Span.IsNone);
    }

    [Theory]
    [InlineData("let a = []; for i in 0..200 { a = [a] } a == a && a.to_string().len > 10", "true")]
    [InlineData("let a = [1]; let b = [1]; for i in 0..30 { a = [a, a]; b = [b, b]; } a == b", "false")]
    [InlineData("let s = \"\"; for i in 0..500 { s += \"x\" } s.len", "500")]
    [InlineData("let a = []; for i in 0..2000 { a.push(i); a.len; } a.len", "2000")]
    public async Task Script_within_its_limits_gives_its_value(string script, string expected) =>
        Assert.Equal(expected, (await TestScript.Run(script, Small)).Value.ToDebug());

    [Fact]
    public async Task Deep_recursion_is_an_error_even_with_a_high_limit()
    {
        var limits = Small with { MaxDepth = int.MaxValue, MaxSteps = long.MaxValue, MaxAllocatedBytes = long.MaxValue };
        var result = await TestScript.Run("fn f(x) { [if true { switch 1 { 1 => { f(x + 1) } } }] } f(1)", limits);
        Assert.Contains("calls inside each other", result.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Very_deep_values_print_and_compare_without_overflow()
    {
        var limits = BudgetLimits.Default with { MaxSteps = 10_000_000, MaxAllocatedBytes = 1_000_000_000 };
        var result = await TestScript.Run(
            "let a = []; let b = []; for i in 0..300000 { a = [a]; b = [b]; } a == b; #{ a: a }.to_json(); a.to_string().len > 0", limits);
        Assert.Equal("true", result.Value.ToDebug());
    }

    [Fact]
    public async Task Time_that_passes_while_a_function_waits_is_counted()
    {
        var time = new ManualTime();
        var host = new ScriptHostBuilder().AsyncFunction("wait", 0, async (_, _) =>
        {
            await Task.Yield();
            time.Advance(TimeSpan.FromSeconds(10));
            return Completion.Unit;
        }).Build();
        var files = new MemoryScriptFiles([new ScriptFile("main.vsl", "let n = 0; loop { wait(); n += 1; }")]);
        var script = ScriptCompiler.Compile(files, "main.vsl", host).Script!;
        var options = new ScriptRunOptions { Time = time, Limits = Small with { MaxTime = TimeSpan.FromSeconds(60) } };
        var result = await script.EvaluateAsync(options);
        Assert.Contains("more than 60 s", result.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelled_run_ends_with_an_error()
    {
        using var source = new CancellationTokenSource();
        await source.CancelAsync();
        var script = TestScript.Compile("loop { }").Script!;
        var result = await script.EvaluateAsync(new ScriptRunOptions(), source.Token);
        Assert.Contains("cancelled", result.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Limits_hold_for_a_whole_run_and_not_beyond()
    {
        var compiled = TestScript.Compile("rule \"count\" || { let n = 0; for i in 0..9000 { n += 1 } n }");
        var main = await compiled.Script!.EvaluateAsync(new ScriptRunOptions { Limits = Small });
        Assert.True(main.Value.TryAsHost<Directive>(out var directive));
        var run = new ScriptRun(compiled.Script, new StringBuilder(), Small, TimeProvider.System);
        Assert.Equal("9000", (await run.InvokeAsync(directive.Body)).Value.ToDebug());
        var second = await run.InvokeAsync(directive.Body);
        var third = await run.InvokeAsync(directive.Body);
        Assert.Contains("steps", (second.Failure ?? third.Failure)!.Message, StringComparison.Ordinal);
        var other = new ScriptRun(compiled.Script, null, Small, TimeProvider.System);
        Assert.Equal("9000", (await other.InvokeAsync(directive.Body)).Value.ToDebug());
    }

    private sealed class ManualTime : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(TimeSpan time) => _ticks += time.Ticks;
    }
}
