using Vsmtp.Vsl.Tests.Support;

namespace Vsmtp.Vsl.Tests;

/// <summary>Appendix C of the language document, snippet by snippet.</summary>
public sealed class ConformanceTests
{
    [Theory]
    [InlineData("C-1", "{ 1; 2; }", "2")]
    [InlineData("C-2", "{ let a = 1; }", "()")]
    [InlineData("C-3", "if false { 1 }", "()")]
    [InlineData("C-4", "1 not 2", "true")]
    [InlineData("C-5", "\"a\" is 'a'", "true")]
    [InlineData("C-6", "1 == \"1\"", "false")]
    [InlineData("C-7", "1 < \"2\"", "false")]
    [InlineData("C-8", "[7 / 2, -7 / 2, -7 % 3]", "[3, -3, -1]")]
    [InlineData("C-9", "2 ** 3 ** 2", "512")]
    [InlineData("C-10", "-2 ** 2", "4")]
    [InlineData("C-11", "1 + 2 in [3]", "true")]
    [InlineData("C-12", "let m = #{}; m.x", "()")]
    [InlineData("C-13", "let m = #{}; m.x ?? 5", "5")]
    [InlineData("C-14", "\"x\" in #{x: ()}", "true")]
    [InlineData("C-15", "let s = \" a \"; s.trim(); s", "\"a\"")]
    [InlineData("C-16", "let s = \"a-b\"; let t = s.replace(\"-\", \"+\"); t", "()")]
    [InlineData("C-17", "`${1 + 1} ${\"x\"}`", "\"2 x\"")]
    [InlineData("C-18", @"`a\n`.len", "3")]
    [InlineData("C-19", "\"a\"\"b\"", "\"a\\\"b\"")]
    [InlineData("C-20", "[1,2,3][-1]", "3")]
    [InlineData("C-21", "[1][5]", "error: Array index 5 out of bounds: only 1 element in the array")]
    [InlineData("C-22", "[1].get(5)", "()")]
    [InlineData("C-23", "switch 3 { 1 => \"a\", 2..5 => \"b\", _ => \"c\" }", "\"b\"")]
    [InlineData("C-24", "switch \"x\" { \"x\" if false => 1, _ => 2 }", "2")]
    [InlineData("C-25", "let n = 0; for (c, i) in \"abc\" { n += i } n", "3")]
    [InlineData("C-26", "try { throw \"boom\" } catch (e) { } e", "error: Variable not found: e")]
    [InlineData("C-27", "let r = 0; try { throw 4 } catch (e) { r = e } r", "4")]
    [InlineData("C-28", "let x = 1; (|| x).call()", "error: Variable not found: x")]
    [InlineData("C-29", "fn f() { this.len } \"abc\".f()", "3")]
    [InlineData("C-30", "[3,1,2].map(|v| v * 2)", "[6, 2, 4]")]
    [InlineData("C-31", "let a = [1]; let b = a; b.push(2); a.len", "1")]
    [InlineData("C-32", "1_000 + 0x10 + 0b11 + 0o7", "1026")]
    [InlineData("C-33", "[type_of(1), type_of(1.0), type_of(\"\"), type_of('c'), type_of([]), type_of(#{}), type_of(())]",
        "[\"i64\", \"f64\", \"string\", \"char\", \"array\", \"map\", \"()\"]")]
    [InlineData("C-34", "/* a /* b */ c */ 5", "5")]
    [InlineData("C-35", "true && 1", "error: Data type incorrect: i64 (expecting bool)")]
    [InlineData("C-36", "[next() == next(), accept() == next()]", "[true, false]")]
    [InlineData("C-37", "object a ip4 = \"192.0.2.1\"; object n rg4 = \"192.0.2.0/24\"; a in n", "true")]
    [InlineData("C-38", "object n rg4 = \"192.0.2.1\";", "error: '192.0.2.1' is a network without a prefix")]
    [InlineData("C-39", "object p regex = \"^x\"; \"xyz\" == p", "true")]
    [InlineData("C-40", "object a address = \"u@d.org\"; object p regex = \"d.org$\"; a == p", "false")]
    [InlineData("C-41", "object c code = \"501 5.7.1 no\"; c.to_string()", "\"501 5.7.1 no\"")]
    [InlineData("C-42", "object s string = \"v\"; s + \"w\"", "\"vw\"")]
    [InlineData("C-47", "const V = 1; let f = || global::V; f.call()", "1")]
    public async Task Snippet_gives_its_result(string number, string script, string expected)
    {
        Assert.NotEmpty(number);
        Assert.Equal(expected, await TestScript.Result(script));
    }

    [Fact]
    public async Task C43_a_contextual_word_is_an_alias_before_a_path()
    {
        var result = TestScript.Compile(
            "import \"service\" as service; service::x",
            ("service.vsl", "service x smtp = #{ receiver: \"127.0.0.1:10025\" };"));
        Assert.Empty(result.Diagnostics);
        var value = await result.Script!.EvaluateAsync(new ScriptRunOptions());
        Assert.Equal("smtp x", value.Value.ToText());
    }

    [Theory]
    [InlineData("C-44", "rule \"a\" || { next(); }", "next")]
    [InlineData("C-45", "rule \"a\" || try { next() } catch { deny() }", "()")]
    [InlineData("C-46", "let v = 1; rule \"a\" || v", "error: Variable not found: v")]
    public async Task Directive_body_gives_its_result(string number, string script, string expected)
    {
        Assert.NotEmpty(number);
        var completion = await TestScript.Run(script);
        Assert.True(completion.Value.TryAsHost<Directive>(out var directive));
        var compiled = TestScript.Compile(script).Script!;
        var run = new ScriptRun(compiled, null, BudgetLimits.Default, TimeProvider.System);
        var result = await run.InvokeAsync(directive.Body);
        Assert.Equal(expected, result.Failure is { } failure ? "error: " + failure.Message : result.Value.ToDebug());
    }
}
