using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Vsmtp.Rules.Functions;
using Vsmtp.Rules.Loading;
using Vsmtp.Vsl;

namespace Vsmtp.Rules;

/// <summary>Compiles rule sets and finds everything that is wrong with them at once.</summary>
public static class RuleSetLoader
{
    /// <summary>Reads main script, imports and files of objects from disk.</summary>
    /// <exception cref="OperationCanceledException">The token.</exception>
    public static Task<RuleSetResult> LoadAsync(
        string mainPath, RuleSetOptions options, CancellationToken cancellationToken)
    {
        var path = Path.GetFullPath(mainPath);
        var scripts = new DirectoryScriptFiles(Path.GetDirectoryName(path)!);
        var name = Path.GetFileName(path);
        if (File.Exists(path)) return LoadAsync(scripts, name, new ObjectFiles(stored: null), options, cancellationToken);
        var missing = Diagnostic.Error(
            DiagnosticCodes.ScriptNotRead, $"cannot read the script '{path}': there is no such file", new SourceSpan(name, 1, 1, 1, 1));
        return Task.FromResult(new RuleSetResult(null, [missing], []));
    }

    /// <summary>Loads a stored set again; nothing is read from disk.</summary>
    /// <param name="mainPath">As in <see cref="RuleSet.MainPath"/>.</param>
    /// <param name="files">As in <see cref="RuleSet.Files"/>.</param>
    /// <exception cref="OperationCanceledException">The token.</exception>
    public static Task<RuleSetResult> LoadAsync(
        string mainPath, IReadOnlyDictionary<string, string> files, RuleSetOptions options, CancellationToken cancellationToken)
    {
        var scripts = new MemoryScriptFiles(files.Select(file => new ScriptFile(file.Key, file.Value)));
        return LoadAsync(scripts, mainPath, new ObjectFiles(files), options, cancellationToken);
    }

    private static async Task<RuleSetResult> LoadAsync(
        IScriptFiles scripts, string mainPath, ObjectFiles objectFiles,
        RuleSetOptions options, CancellationToken cancellationToken)
    {
        var compiled = ScriptCompiler.Compile(
            scripts, mainPath, RuleHost.Create(options), new CompileOptions { Facts = ApiFacts.Facts, IsObserved = options.IsObserved });
        if (compiled.Script is not { } script)
        {
            return new(null, [.. compiled.Diagnostics.Select(d => Place(d, mainPath))], compiled.Files);
        }


        var state = new LoadState(options, objectFiles);
        var run = new ScriptRunOptions { State = state, Time = options.Time, Limits = options.LoadLimits };
        var completion = await EvaluateAsync(script, run, cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();

        var found = state.Diagnostics;
        var table = new StageTable(new StageKeys(script.Files.First(file => file.Path == mainPath)), found);
        if (completion.Failure is { } failure) found.Add(Describe(failure));
        else table.Read(completion.Value);
        found.AddRange(LaterCalls.Find(script.Files));

        var diagnostics = compiled.Diagnostics.AddRange(InOrder(found.Select(Coded)));
        if (diagnostics.Any(d => d.Severity is DiagnosticSeverity.Error)) return new(null, diagnostics, compiled.Files);
        var texts = script.Files.Select(file => KeyValuePair.Create(file.Path, file.Text)).Concat(objectFiles.Read);
        var files = new RuleSetFiles(mainPath, texts);
        return new(new RuleSet(files, options, script, table.Directives, state), diagnostics, compiled.Files);
    }

    private static async ValueTask<Completion> EvaluateAsync(Script script, ScriptRunOptions run, CancellationToken cancellationToken)
    {
        try
        {
            return await script.EvaluateAsync(run, cancellationToken).ConfigureAwait(false);
        }
        catch (RegexMatchTimeoutException e)
        {
            // As in a stage: a comparison cannot give an error.
            return Completion.Error($"`{e.Pattern}` takes too long on a text of {e.Input.Length} characters");
        }
    }

    /// <summary>A main script that cannot be read has no place in any text.</summary>
    /// <summary>What a declaration of a service reports has no code of its own.</summary>
    private static Diagnostic Coded(Diagnostic found) =>
        found.Code.Length > 0 ? found : found with { Code = DiagnosticCodes.ServiceOptions };

    private static Diagnostic Place(Diagnostic diagnostic, string mainPath) =>
        diagnostic.Span.IsNone ? diagnostic with { Span = new SourceSpan(mainPath, 1, 1, 1, 1) } : diagnostic;

    /// <summary>With the calls that led to it.</summary>
    private static Diagnostic Describe(ScriptError failure) => Diagnostic.Error(
        DiagnosticCodes.TopLevelFailed, failure.Message, failure.Span) with
    {
        Notes = [.. failure.Trace.Select(call => Diagnostic.Note($"in call to {call.Function}", call.CallSite))],
    };

    private static IEnumerable<Diagnostic> InOrder(IEnumerable<Diagnostic> diagnostics) =>
        diagnostics.OrderBy(d => d.Span.File, StringComparer.Ordinal).ThenBy(d => d.Span.Line).ThenBy(d => d.Span.Column);
}
