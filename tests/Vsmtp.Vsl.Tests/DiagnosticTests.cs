using Vsmtp.Vsl.Tests.Support;

namespace Vsmtp.Vsl.Tests;

public sealed class DiagnosticTests
{
    [Fact]
    public void Caret_stands_under_the_place_behind_tabs()
    {
        var result = TestScript.Compile("{\n\tlet a = 08x;\n}".Replace("08x", "0b9", StringComparison.Ordinal));
        Assert.Equal(
            "main.vsl:2:10: error: malformed number '0b9' [VSL0104]\n  \tlet a = 0b9;\n  \t        ^~~\n",
            new DiagnosticRenderer(result.Files).Render(result.Diagnostics));
    }

    [Fact]
    public void Long_line_is_shown_around_the_place()
    {
        var result = TestScript.Compile($"let s = \"{new string('x', 500)}\" + 0x; // {new string('y', 500)}");
        var lines = new DiagnosticRenderer(result.Files).Render(result.Diagnostics).Split('\n');
        Assert.Equal("main.vsl:1:514: error: malformed number '0x' [VSL0104]", lines[0]);
        Assert.InRange(lines[1].Length, 100, 170);
        Assert.Equal("0x", lines[1].Substring(lines[2].IndexOf('^'), 2));
    }

    [Fact]
    public void Findings_are_in_order_of_files_and_places()
    {
        var result = TestScript.Compile(
            "import \"b\" as b;\nlet x = 0b2;\nlet y = 0b3;", ("b.vsl", "let z = 0b4;"));
        Assert.Equal(["main.vsl:2", "main.vsl:3", "b.vsl:1"], result.Diagnostics.Select(d => $"{d.Span.File}:{d.Span.Line}"));
    }

    [Fact]
    public void Number_of_findings_is_bounded()
    {
        var text = string.Concat(Enumerable.Repeat("let x = 0b2;\n", 1_000));
        Assert.Equal(CompileOptions.Default.MaxDiagnostics, TestScript.Compile(text).Diagnostics.Length);
    }

    [Fact]
    public void Many_warnings_do_not_hide_an_error()
    {
        var text = string.Concat(Enumerable.Repeat("fn_unknown();\n", 1_000)) + "missing::x;";
        var errors = TestScript.Compile(text).Diagnostics.Where(d => d.Severity is DiagnosticSeverity.Error);
        Assert.Equal("Module not found: missing", Assert.Single(errors).Message);
    }

    [Fact]
    public void Warnings_do_not_stop_a_script()
    {
        var result = TestScript.Compile("fn f() { unknown() }");
        Assert.False(result.HasErrors);
        Assert.Equal(DiagnosticSeverity.Warning, Assert.Single(result.Diagnostics).Severity);
    }
}
