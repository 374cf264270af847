using System.Collections.Immutable;

namespace Vsmtp.Vsl;

public enum DiagnosticSeverity
{
    Error,
    Warning,
    Note,
}

/// <summary>One finding about a script, made while it is loaded.</summary>
/// <param name="Message">One sentence without a final full stop.</param>
public sealed record Diagnostic(DiagnosticSeverity Severity, string Message, SourceSpan Span)
{
    /// <summary>Further places or hints that belong to this finding.</summary>
    public ImmutableArray<Diagnostic> Notes { get; init; } = [];

    public static Diagnostic Error(string message, SourceSpan span) => new(DiagnosticSeverity.Error, message, span);

    public static Diagnostic Warning(string message, SourceSpan span) => new(DiagnosticSeverity.Warning, message, span);

    public static Diagnostic Note(string message, SourceSpan span) => new(DiagnosticSeverity.Note, message, span);

    public override string ToString() => $"{Span}: {Severity.ToString().ToLowerInvariant()}: {Message}";
}
