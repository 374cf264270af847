using System.Text;

namespace Vsmtp.Vsl.Tests.Support;

/// <summary>Compiles and runs texts the way the tests need it.</summary>
internal static class TestScript
{
    public static CompileResult Compile(string text, params (string Path, string Text)[] modules) =>
        ScriptCompiler.Compile(
            new MemoryScriptFiles([new ScriptFile("main.vsl", text), .. modules.Select(m => new ScriptFile(m.Path, m.Text))]),
            "main.vsl", TestHost.Instance);

    public static async Task<Completion> Run(string text, BudgetLimits? limits = null, StringBuilder? output = null)
    {
        var result = Compile(text);
        Assert.False(result.HasErrors, new DiagnosticRenderer(result.Files).Render(result.Diagnostics));
        return await result.Script!.EvaluateAsync(
            new ScriptRunOptions { Limits = limits ?? BudgetLimits.Default, State = output });
    }

    /// <summary>The debug text of the value, or <c>error</c>.</summary>
    public static async Task<string> Result(string text)
    {
        var compiled = Compile(text);
        if (compiled.Script is not { } script)
            return "load error: " + string.Join(" | ", compiled.Diagnostics.Select(d => d.Message));
        var completion = await script.EvaluateAsync(new ScriptRunOptions());
        return completion.Failure is { } failure ? "error: " + failure.Message : completion.Value.ToDebug();
    }
}
