using Vsmtp.Vsl.Binding;
using Vsmtp.Vsl.Evaluation;

namespace Vsmtp.Vsl;

/// <summary>From source texts to a <see cref="Script"/>.</summary>
public static class ScriptCompiler
{
    /// <summary>Loads the main script and all its imports, and reports everything that is wrong with them at once.</summary>
    /// <param name="mainPath">Path for <paramref name="files"/>; imports are relative to its directory.</param>
    public static CompileResult Compile(IScriptFiles files, string mainPath, ScriptHost host, CompileOptions? options = null)
    {
        options ??= CompileOptions.Default;
        var diagnostics = new DiagnosticBag(options.MaxDiagnostics);
        var loader = new ScriptLoader(files, options, diagnostics);
        loader.Load(mainPath);
        var functions = new List<BoundFunction>();
        foreach (var unit in loader.Units)
        {
            var binder = new Binder(unit, host, loader.StoredNames, diagnostics, options.Facts) { IsObserved = options.IsObserved };
            binder.BindFile();
            functions.AddRange(binder.Bound);
        }

        var findings = diagnostics.InOrder([.. loader.Files.Select(f => f.Path)]);
        if (diagnostics.HasErrors) return new CompileResult(null, findings, [.. loader.Files]);
        MarkWaiting(functions);
        foreach (var (scope, body) in functions) scope.Code.Complete(body.CompileTail(), scope.SlotCount);
        var script = new Script(host, [.. loader.Files], [.. loader.Units.Select(u => u.Code)]);
        return new CompileResult(script, findings, script.Files);
    }

    /// <summary>A function may wait if it calls something that waits, or a function that may.</summary>
    private static void MarkWaiting(List<BoundFunction> functions)
    {
        bool changed;
        do
        {
            changed = false;
            foreach (var scope in functions.Select(f => f.Scope).Where(s => !s.Code.MayWait))
                changed |= scope.Code.MayWait = scope.Waits || scope.Callees.Any(c => c.MayWait);
        }
        while (changed);
    }
}
