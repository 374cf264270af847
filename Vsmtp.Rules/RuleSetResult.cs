using System.Collections.Immutable;
using Vsmtp.Vsl;

namespace Vsmtp.Rules;

/// <param name="Set">Null when a diagnostic is an error.</param>
/// <param name="Diagnostics">All findings; paths in them are relative to the main script's directory.</param>
/// <param name="Files">The scripts that could be read: what a <see cref="DiagnosticRenderer"/> needs.</param>
public sealed record RuleSetResult(RuleSet? Set, ImmutableArray<Diagnostic> Diagnostics, ImmutableArray<ScriptFile> Files);
