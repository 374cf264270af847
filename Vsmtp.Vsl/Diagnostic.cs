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
    /// <summary>One of <see cref="DiagnosticCodes"/>; empty for notes and for run-time errors.</summary>
    public string Code { get; init; } = "";

    /// <summary>Further places or hints that belong to this finding.</summary>
    public ImmutableArray<Diagnostic> Notes { get; init; } = [];

    public static Diagnostic Error(string message, SourceSpan span) => new(DiagnosticSeverity.Error, message, span);

    public static Diagnostic Error(string code, string message, SourceSpan span) => Error(message, span) with { Code = code };

    public static Diagnostic Warning(string message, SourceSpan span) => new(DiagnosticSeverity.Warning, message, span);

    public static Diagnostic Warning(string code, string message, SourceSpan span) => Warning(message, span) with { Code = code };

    public static Diagnostic Note(string message, SourceSpan span) => new(DiagnosticSeverity.Note, message, span);

    /// <returns><c>file:line:column: severity: message</c>.</returns>
    public override string ToString() => $"{Span}: {Severity.ToString().ToLowerInvariant()}: {Message}";
}
