using System.Text;
using Vsmtp.Vsl.Tests.Support;

namespace Vsmtp.Vsl.Tests;

/// <summary>
/// Pairs of files: <c>Snippets/NNN-name.vsl</c> and what it prints in <c>NNN-name.out.txt</c>: the text of <c>print</c>,
/// then diagnostics or the run-time error as people see them, or <c>= </c> and the value.
/// </summary>
public sealed class SnippetTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Snippets");

    public static TheoryData<string> Names =>
        [.. Directory.GetFiles(Folder, "*.vsl").Select(f => Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Snippet_prints_what_its_pair_holds(string name)
    {
        var expected = await File.ReadAllTextAsync(Path.Combine(Folder, name + ".out.txt"));
        Assert.Equal(expected.ReplaceLineEndings("\n").TrimEnd(), (await Print(name + ".vsl")).TrimEnd());
    }

    [Fact]
    public void There_are_snippets() => Assert.True(Names.Count >= 300, $"only {Names.Count} snippets were found in {Folder}");

    private static async Task<string> Print(string file)
    {
        var result = ScriptCompiler.Compile(new DirectoryScriptFiles(Folder), file, TestHost.Instance, new CompileOptions { Facts = TestHost.Facts });
        var renderer = new DiagnosticRenderer(result.Files);
        var output = new StringBuilder(renderer.Render(result.Diagnostics));
        if (result.Script is not { } script) return output.ToString();
        var options = new ScriptRunOptions { State = output };
        var completion = await script.EvaluateAsync(options);
        if (completion.IsValue && completion.Value.TryAsMap(out var map))
            completion = await RunDirectives(script, map, output) ?? completion;
        return output + (completion.Failure is { } failure ? renderer.Render(failure) : "= " + completion.Value.ToDebug());
    }

    /// <summary>When the result is a stage map: runs its directives in order, as a server would.</summary>
    private static async Task<Completion?> RunDirectives(Script script, VslMap stages, StringBuilder output)
    {
        Completion? last = null;
        foreach (var directive in stages.Values.Where(v => v.Kind is ValueKind.Array).SelectMany(v => v.AsArray()))
        {
            if (!directive.TryAsHost<Directive>(out var found)) continue;
            var run = new ScriptRun(script, output, BudgetLimits.Default, TimeProvider.System);
            var result = await run.InvokeAsync(found.Body);
            output.Append(found.ToText()).Append(": ").Append(result.IsValue ? result.Value.ToDebug() : "error").Append('\n');
            last = result;
        }

        return last;
    }
}
