using Antlr4.Runtime;

namespace Vsmtp.Vsl.Parsing;

/// <summary>The errors found in one text before it has a tree.</summary>
internal sealed class SyntaxErrors(ScriptFile file)
{
    private readonly List<Diagnostic> _all = [];

    public bool Any => _all.Count > 0;

    public IReadOnlyList<Diagnostic> All => _all;

    public void Add(string code, string message, SourceSpan span, Diagnostic? note = null) =>
        _all.Add(Diagnostic.Error(code, message, span) with { Notes = note is null ? [] : [note] });

    public void Add(string code, string message, IToken token) => Add(code, message, SpanOf(token));

    /// <summary>Whether an error was already found on a line: what follows it there is likely its echo.</summary>
    public bool IsOnLine(int line) => _all.Exists(d => d.Span.Line == line);

    public SourceSpan SpanOf(IToken token) => Spans.Of(file, token);
}
