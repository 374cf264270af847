using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Vsmtp.Vsl.Tests.Support;

namespace Vsmtp.Vsl.Tests;

/// <summary>No text makes the compiler throw, hang or overflow the stack; what compiles may run to any end.</summary>
public sealed class HostileTextTests
{
    private static readonly string[] Tokens =
    [
        "let", "const", "if", "else", "switch", "do", "while", "until", "loop", "for", "in", "break", "continue", "return", "throw", "try",
        "catch", "fn", "private", "import", "export", "as", "global", "true", "this", "is", "not", "object", "service", "rule", "action",
        "delegate", "x", "y", "f", "1", "2.5", "\"s\"", "'c'", "`t`", "`${", "`", "(", ")", "[", "]", "{", "}", "#{", ",", ";", ":", "::",
        ".", "?.", "?[", "=>", "..", "..=", "=", "+=", "||", "|", "&&", "==", "<", "??", "+", "-", "*", "**", "<<", "!", "_", "ip4", "//",
        "/*", "*/", "\n", "@", "$", "===", "match", "smtp", "main", "next()",
    ];

    private static readonly string[] Sources =
    [
        .. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Snippets"), "*.vsl").Order(StringComparer.Ordinal).Select(File.ReadAllText),
    ];

    [Fact]
    public void Random_tokens_never_throw() =>
        Check(Gen.ListOf(Gen.Elements(Tokens)).Select(tokens => string.Join(' ', tokens)), 600);

    [Fact]
    public void Random_characters_never_throw() =>
        Check(Gen.ListOf(Gen.Choose(0, 0x250)).Select(codes => string.Concat(codes.Select(c => (char)c))), 300);

    [Fact]
    public void Mutated_scripts_never_throw() =>
        Check(
            from source in Gen.Elements(Sources)
            from at in Gen.Choose(0, Math.Max(0, source.Length - 1))
            from length in Gen.Choose(0, 12)
            from token in Gen.Elements(Tokens)
            select source.Remove(at, Math.Min(length, source.Length - at)).Insert(at, token),
            600);

    [Theory]
    [InlineData("(", "1", ")")]
    [InlineData("[", "1", "]")]
    [InlineData("{", "1", "}")]
    [InlineData("#{a:", "1", "}")]
    [InlineData("!", "true", "")]
    [InlineData("- ", "1", "")]
    [InlineData("|| ", "1", "")]
    [InlineData("`${", "1", "}`")]
    [InlineData("if true {", "1", "}")]
    [InlineData("f(", "1", ")")]
    [InlineData("x[", "1", "]")]
    [InlineData("rule \"a\" ", "1", "")]
    [InlineData("object a ip4 = ", "1", "")]
    [InlineData("switch 1 { _ => ", "1", "}")]
    [InlineData("return ", "1", "")]
    [InlineData("1 + ", "1", "")]
    [InlineData("2 ** ", "1", "")]
    [InlineData("x.y", "", ".z")]
    [InlineData("x", "", "?.y")]
    [InlineData("if x { } else ", "{ }", "")]
    [InlineData("/*", "", "*/")]
    [InlineData("let x = ", "1", ";")]
    public async Task Deep_nesting_gives_a_clear_error_or_a_value(string before, string middle, string after)
    {
        foreach (var depth in new[] { 50, 3_000 })
        {
            var text = new StringBuilder().Insert(0, before, depth).Append(middle).Insert(0, "let x = 1; ");
            for (var i = 0; i < depth; i++) text.Append(after);
            var result = TestScript.Compile(text.ToString());
            if (result.Script is { } script) await script.EvaluateAsync(new ScriptRunOptions());
            else Assert.All(result.Diagnostics, d => Assert.NotEmpty(d.Message));
        }
    }

    [Fact]
    public void Deep_parentheses_are_named_as_the_error()
    {
        var result = TestScript.Compile(new string('(', 5_000) + "1" + new string(')', 5_000));
        Assert.Contains(result.Diagnostics, d => d.Message == "this is nested too deeply");
    }

    [Fact]
    public void Large_script_compiles_in_good_time()
    {
        var text = new StringBuilder("#{ postq: [\n");
        for (var i = 0; i < 1_000; i++)
            text.Append($"rule \"rule {i}\" || {{ if has(\"X-{i}\") && 1 + {i} in [1, 2] {{ deny(`no {i}`) }} else {{ next() }} }},\n");
        var started = TimeProvider.System.GetTimestamp();
        var result = TestScript.Compile(text.Append("] }").ToString());
        Assert.False(result.HasErrors);
        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(60));
    }

    private static void Check(Gen<string> texts, int count)
    {
        var limits = new BudgetLimits { MaxSteps = 5_000, MaxTime = TimeSpan.FromSeconds(10) };
        Prop.ForAll(texts.ToArbitrary(), text =>
        {
            var result = TestScript.Compile(text);
            var rendered = new DiagnosticRenderer(result.Files).Render(result.Diagnostics);
            if (result.Script is null) return rendered.Contains(": error: ", StringComparison.Ordinal);
            var run = result.Script.EvaluateAsync(new ScriptRunOptions { Limits = limits }).AsTask();
            return run.Wait(TimeSpan.FromSeconds(60));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(count).WithEndSize(60));
    }
}
