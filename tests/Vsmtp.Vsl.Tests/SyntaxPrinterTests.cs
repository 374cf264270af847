using Vsmtp.Vsl.Printing;
using Vsmtp.Vsl.Tests.Fuzzing;
using Vsmtp.Vsl.Tests.Support;

namespace Vsmtp.Vsl.Tests;

/// <summary>A printed tree reads back as itself, and does what the first one did.</summary>
public sealed class SyntaxPrinterTests
{
    [Theory]
    [InlineData("a?.b.c?[1].d()", "a?.b.c?[1].d();\n")]
    [InlineData("(a?.b).c", "(a?.b).c;\n")]
    [InlineData("-2 ** 2", "(-2) ** (2);\n")]
    [InlineData("- 2", "-(2);\n")]
    [InlineData("let x", "let x;\n")]
    [InlineData("export const A = 'x'", "export const A = 'x';\n")]
    [InlineData("x.y[0] **= 2", "x.y[0] **= 2;\n")]
    [InlineData("`\n\na``b${x}`", "`\n\na``b${x;\n}`;\n")]
    [InlineData("rule \"a\" || next()", "rule \"a\" || next();\n")]
    [InlineData("|a| |b| a", "|a| |b| a;\n")]
    public void Tree_is_written_as_source(string text, string expected) =>
        Assert.Equal(expected, SyntaxPrinter.Print(SourceTree.Parse(text)!));

    [Fact]
    public void Every_snippet_reads_back_as_the_same_tree()
    {
        var trees = 0;
        foreach (var path in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Snippets"), "*.vsl", SearchOption.AllDirectories))
        {
            var text = File.ReadAllText(path);
            if (SourceTree.Parse(text) is null) continue;
            trees++;
            Assert.True(SourceTree.LostInPrint(text) is null, $"{path}: {SourceTree.LostInPrint(text)}");
        }

        Assert.True(trees > 250, $"only {trees} snippets are without syntax errors");
    }

    [Fact]
    public void Generated_programs_read_back_as_the_same_tree() =>
        FuzzRun.Bounded(120, random =>
        {
            var text = new ScriptGenerator(random).Program();
            return SourceTree.Parse(text) is null ? $"does not parse:\n{text}" : SourceTree.LostInPrint(text) is { } lost ? $"{lost}\nfrom\n{text}" : null;
        });

    [Fact]
    public void A_comparison_of_trees_sees_a_difference()
    {
        Assert.NotNull(TreeComparer.Difference(SourceTree.Parse("1 + 2 * 3")!.TopLevel, SourceTree.Parse("(1 + 2) * 3")!.TopLevel));
        Assert.NotNull(TreeComparer.Difference(SourceTree.Parse("a.b")!.TopLevel, SourceTree.Parse("a.c")!.TopLevel));
        Assert.NotNull(TreeComparer.Difference(SourceTree.Parse("do { } while a")!.TopLevel, SourceTree.Parse("do { } until a")!.TopLevel));
        Assert.Null(TreeComparer.Difference(SourceTree.Parse("a  .b")!.TopLevel, SourceTree.Parse("(a.b)")!.TopLevel));
    }
}
