using System.Text;

namespace Vsmtp.Vsl;

/// <summary>Prints diagnostics for people: <c>file:line:col: severity: text [code]</c>, the source line, and a caret line.</summary>
public sealed class DiagnosticRenderer(IEnumerable<ScriptFile> files)
{
    private const int MaxLineChars = 160;
    private const int MaxCalls = 4;

    private readonly Dictionary<string, string[]> _lines =
        files.DistinctBy(f => f.Path).ToDictionary(f => f.Path, f => f.Text.ReplaceLineEndings("\n").Split('\n'));

    public string Render(IEnumerable<Diagnostic> diagnostics)
    {
        var output = new StringBuilder();
        foreach (var diagnostic in diagnostics) Append(output, diagnostic);
        return output.ToString();
    }

    /// <summary>A run-time error in the same shape, with the calls that led to it.</summary>
    public string Render(ScriptError error)
    {
        var calls = error.Trace.Take(MaxCalls).Select(t => Diagnostic.Note($"in call to {t.Function}", t.CallSite)).ToList();
        // A recursion that did not end.
        if (error.Trace.Length > MaxCalls)
            calls.Add(Diagnostic.Note($"and {error.Trace.Length - MaxCalls} more calls, the first of them here", error.Trace[^1].CallSite));
        return Render([Diagnostic.Error(error.Message, error.Span) with { Notes = [.. calls] }]);
    }

    private void Append(StringBuilder output, Diagnostic diagnostic)
    {
        output.Append(diagnostic);
        if (diagnostic.Code.Length > 0) output.Append(" [").Append(diagnostic.Code).Append(']');
        output.Append('\n');
        AppendSource(output, diagnostic.Span);
        foreach (var note in diagnostic.Notes) Append(output, note);
    }

    private void AppendSource(StringBuilder output, SourceSpan span)
    {
        if (span.IsNone || !_lines.TryGetValue(span.File, out var lines) || span.Line > lines.Length) return;
        var line = lines[span.Line - 1];
        if (span.Column - 1 > line.Length) return;
        // A very long line is shown from a little before the place, so that the caret stays in sight.
        var from = Math.Clamp(span.Column - 1 - (MaxLineChars / 2), 0, Math.Max(0, line.Length - MaxLineChars));
        var shown = line.Substring(from, Math.Min(MaxLineChars, line.Length - from));
        var start = span.Column - 1 - from;
        var end = span.EndLine == span.Line ? span.EndColumn - 1 - from : shown.Length;
        var carets = Math.Clamp(end - start, 1, Math.Max(1, shown.Length - start));
        // Tabs are kept under tabs, so the caret lines up whatever their width.
        var indent = string.Concat(shown.Take(start).Select(c => c == '\t' ? '\t' : ' '));
        output.Append("  ").Append(shown).Append('\n');
        output.Append("  ").Append(indent).Append('^').Append('~', carets - 1).Append('\n');
    }
}
