using System.Collections.Immutable;

namespace Vsmtp.Vsl.Binding;

/// <summary>Collects the findings of one compilation, each only once.</summary>
internal sealed class DiagnosticBag(int limit)
{
    private readonly List<Diagnostic> _all = [];
    private readonly HashSet<(string, SourceSpan)> _seen = [];
    private int _warnings;

    public bool HasErrors { get; private set; }

    /// <summary>Whether a further warning would be dropped, so that it need not be composed.</summary>
    public bool IsFullOfWarnings => _warnings >= limit;

    public void Add(Diagnostic diagnostic)
    {
        // Counted apart, so that many warnings do not hide the error that refused the script.
        var isError = diagnostic.Severity is DiagnosticSeverity.Error;
        var isFull = isError ? _all.Count - _warnings >= limit : IsFullOfWarnings;
        HasErrors |= isError;
        if (isFull || !_seen.Add((diagnostic.Message, diagnostic.Span))) return;
        if (!isError) _warnings++;
        _all.Add(diagnostic);
    }

    public void Error(string code, string message, SourceSpan span) => Add(Diagnostic.Error(code, message, span));

    /// <param name="files">Paths in the order in which their findings are given.</param>
    public ImmutableArray<Diagnostic> InOrder(IReadOnlyList<string> files)
    {
        var order = files.Select((path, at) => (path, at)).ToDictionary(f => f.path, f => f.at);
        return
        [
            .. _all.OrderBy(d => d.Span.File is { } file ? order.GetValueOrDefault(file, int.MaxValue) : -1)
                .ThenBy(d => d.Span.Line).ThenBy(d => d.Span.Column),
        ];
    }
}
