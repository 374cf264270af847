using Vsmtp.Cli.Checking;
using Vsmtp.Configuration;
using Vsmtp.Vsl;

namespace Vsmtp.Cli.Serving;

/// <summary>One error or warning about a site.</summary>
/// <param name="IsError">The server does not start.</param>
/// <param name="Text">As compilers say it, with the source line and a caret; no line end behind it.</param>
/// <param name="Entry">The same in parts.</param>
internal sealed record Finding(bool IsError, string Text, CheckEntry Entry)
{
    /// <summary>The code of all faults of the configuration.</summary>
    private const string ConfigurationCode = "CFG0001";

    public static Finding Of(ConfigurationFault fault)
    {
        var isError = fault.Severity is FaultSeverity.Error;
        var file = fault.File is { } path ? Path.GetFullPath(path) : null;
        var entry = new CheckEntry(
            file, fault.Line, fault.Column, fault.Line, fault.Column, isError ? "error" : "warning", ConfigurationCode, fault.Message);
        return new(isError, fault.ToString(), entry);
    }

    /// <param name="directory">To which the paths of scripts are relative.</param>
    public static Finding Of(Diagnostic diagnostic, DiagnosticRenderer renderer, string directory) =>
        new(
            diagnostic.Severity is DiagnosticSeverity.Error,
            renderer.Render([diagnostic]).TrimEnd('\n'),
            EntryOf(diagnostic, directory));

    private static CheckEntry EntryOf(Diagnostic diagnostic, string directory)
    {
        var span = diagnostic.Span;
        var file = span.IsNone ? null : Path.GetFullPath(Path.Combine(directory, span.File));
        return new(
            file, span.Line, span.Column, span.EndLine, span.EndColumn,
            diagnostic.Severity.ToString().ToLowerInvariant(), diagnostic.Code, diagnostic.Message)
        {
            Notes = [.. diagnostic.Notes.Select(note => EntryOf(note, directory))],
        };
    }
}
