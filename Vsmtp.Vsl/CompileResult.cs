using System.Collections.Immutable;

namespace Vsmtp.Vsl;

/// <param name="Script">Null when a diagnostic is an error.</param>
/// <param name="Diagnostics">All findings of all files, by file in load order, then by place.</param>
/// <param name="Files">The files that could be read: what a renderer needs.</param>
public sealed record CompileResult(Script? Script, ImmutableArray<Diagnostic> Diagnostics, ImmutableArray<ScriptFile> Files)
{
    public bool HasErrors => Script is null;
}
