using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Vsmtp.Cli.Checking;

/// <summary>One finding as <c>vsmtp check --json</c> gives it to editors.</summary>
/// <param name="File">Full path; null: the built-in defaults.</param>
/// <param name="Line">From 1; 0: no place.</param>
/// <param name="Column">From 1, in UTF-16 units.</param>
/// <param name="EndColumn">Exclusive.</param>
/// <param name="Severity"><c>error</c>, <c>warning</c> or <c>note</c>.</param>
/// <param name="Code">As in docs/diagnostics.md; empty for notes.</param>
internal sealed record CheckEntry(
    string? File, int Line, int Column, int EndLine, int EndColumn, string Severity, string Code, string Message)
{
    public ImmutableArray<CheckEntry> Notes { get; init; } = [];
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(IReadOnlyList<CheckEntry>))]
internal sealed partial class CheckJson : JsonSerializerContext;
