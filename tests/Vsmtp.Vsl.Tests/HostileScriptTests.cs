using System.Text;
using Vsmtp.Vsl.Tests.Support;

namespace Vsmtp.Vsl.Tests;

/// <summary>Scripts that try to take more than they are given: each ends soon, in words that are short.</summary>
public sealed class HostileScriptTests
{
    private static readonly BudgetLimits Limits = new() { MaxSteps = 100_000, MaxAllocatedBytes = 8_000_000, MaxTime = TimeSpan.FromSeconds(30) };

    [Theory]
    [InlineData("let f = |a| a; loop { f = f.curry(1); }", "too much memory")]
    [InlineData("let s = \"a \"; while s.len < 1000000 { s += s; } s.split().len", "too much memory")]
    [InlineData("let s = \"ab\"; while s.len < 100000 { s += s; } loop { s.split(\"a\"); }", "too much memory")]
    [InlineData("let s = \"ab\"; while s.len < 100000 { s += s; } loop { s.to_chars(); }", "too much memory")]
    [InlineData("let s = \"ab\"; while s.len < 1000000 { s += s; } let t = s + \"\"; loop { if s != t { break; } }", "more than 100000 steps")]
    [InlineData("let s = \"ab\"; while s.len < 1000000 { s += s; } loop { if \"x\" in s { break; } }", "more than 100000 steps")]
    [InlineData("let a = []; a.pad(50000, 1); loop { if 2 in a { break; } }", "more than 100000 steps")]
    [InlineData("let a = []; a.pad(50000, 1); let b = a; b.push(1); loop { if a == b { break; } }", "more than 100000 steps")]
    [InlineData("let a = []; a.pad(50000, 1); loop { a.sort(); }", "too much memory")]
    [InlineData("let a = []; a.pad(50000, 1); loop { let b = a; b.push(1); b.reverse(); }", "too much memory")]
    [InlineData("let a = []; a.pad(5000, 1); loop { a.index_of(2); }", "more than 100000 steps")]
    [InlineData("let a = []; a.pad(5000, 1); loop { a.map(|x| x); }", "more than 100000 steps")]
    [InlineData("let a = []; a.pad(50000, 1); loop { a.shift(); a.push(1); }", "more than 100000 steps")]
    [InlineData("let m = #{}; for i in 0..2000 { m[\"k\" + i] = i } loop { m.keys(); }", "too much memory")]
    [InlineData("let m = #{}; for i in 0..2000 { m[\"k\" + i] = i } loop { let n = m; n.x = 1; }", "too much memory")]
    [InlineData("let m = #{}; loop { m = #{ a: m, b: m }; print(m.to_json()); }", "prints too much")]
    [InlineData("let m = #{ a: 1 }; loop { m = #{ a: m, b: m }; m.to_json(); }", "too much memory")]
    [InlineData("let a = [1]; loop { a = [a, a]; a.to_string(); }", "too much memory")]
    [InlineData("let s = \"x\"; loop { s = s + s + s; }", "too much memory")]
    [InlineData("let s = \"ß\"; loop { s = s.to_upper() + s; }", "too much memory")]
    [InlineData("let b = blob(1000000, 1); loop { for x in b { break; } b.push(1); }", "too much memory")]
    [InlineData("let b = blob(1000000, 1); loop { for x in b { break; } }", "more than 100000 steps")]
    [InlineData("for i in range(0, 9223372036854775807, 1) { }", "more than 100000 steps")]
    [InlineData("let t = 0; for i in -9223372036854775808..=9223372036854775807 { t = i; }", "more than 100000 steps")]
    [InlineData("fn f(n) { f(n + 1) + f(n + 1) } f(0)", "calls inside each other")]
    [InlineData("fn f() { [1].map(|x| f()) } f()", "calls inside each other")]
    [InlineData("let m = #{ f: || this.f() }; m.f()", "calls inside each other")]
    [InlineData("loop { try { loop { } } catch { } }", "more than 100000 steps")]
    [InlineData("let s = \"\"; loop { try { throw s } catch (e) { s = e + \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"; } }", "too much memory")]
    [InlineData("let n = 1; loop { n = n ^ 1; n[3] = true; n.bits(); }", "too much memory")]
    public async Task Greed_is_ended(string script, string expected)
    {
        var result = await TestScript.Run(script, Limits, new StringBuilder());
        Assert.NotNull(result.Failure);
        Assert.Equal(ScriptErrorKind.Limit, result.Failure.Kind);
        Assert.Contains(expected, result.Failure.Message, StringComparison.Ordinal);
        Assert.InRange(result.Failure.Message.Length, 1, 200);
    }

    [Theory]
    [InlineData("let a = [3, 1, 2, 5, 4]; a.sort(|x, y| 1); a.len", "5")]
    [InlineData("let a = [3, 1, 2, 5, 4]; a.sort(|x, y| -1); a.len", "5")]
    [InlineData("let m = #{ n: 1 }; m.a = [0.0 / 0.0, 1.0, 0.0 / 0.0]; m.a.sort(); m.a.len", "3")]
    [InlineData("let a = []; a.pad(300, 0); let i = 0; a.sort(|x, y| if parse_int(\"1\") == 1 { if x == y { 1 } else { -1 } } else { 0 }); a.len", "300")]
    public async Task Sort_with_an_order_that_is_none_ends(string script, string expected) =>
        Assert.Equal(expected, (await TestScript.Run(script, Limits)).Value.ToDebug());

    [Theory]
    [InlineData("throw s")]
    [InlineData("s.parse_int()")]
    [InlineData("Fn(s).call()")]
    [InlineData("[s].map(s)")]
    [InlineData("fail(s)")]
    public async Task Message_of_an_error_is_short_whatever_it_quotes(string script)
    {
        var result = await TestScript.Run($"let s = \"x\"; while s.len < 1000000 {{ s += s; }} {script}");
        Assert.InRange(result.Failure!.Message.Length, 10, 2_100);
        var map = result.Failure.Thrown;
        if (map.TryAsMap(out var thrown)) Assert.InRange(thrown["message"].AsString().Length, 10, 2_100);
    }

    [Fact]
    public async Task Many_sleeps_are_one_long_one()
    {
        var result = await TestScript.Run("for i in 0..100 { sleep(0.01) }", Limits with { MaxSleep = TimeSpan.FromMilliseconds(50) });
        Assert.Contains("may sleep for 0.05 s in all", result.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Giant_literals_are_read_or_refused_in_good_time()
    {
        Assert.False(TestScript.Compile($"let s = \"{new string('x', 2_000_000)}\"; s.len").HasErrors);
        Assert.False(TestScript.Compile($"let n = {new string('9', 300)}; n").HasErrors);
        Assert.Contains("malformed number", TestScript.Compile($"let n = {new string('9', 100_000)}; n").Diagnostics[0].Message, StringComparison.Ordinal);
        Assert.False(TestScript.Compile($"[{string.Join(", ", Enumerable.Range(0, 20_000))}].len").HasErrors);
        Assert.False(TestScript.Compile($"#{{ {string.Join(", ", Enumerable.Range(0, 5_000).Select(i => $"k{i}: {i}"))} }}").HasErrors);
    }
}
