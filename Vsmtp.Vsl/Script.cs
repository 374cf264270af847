using System.Collections.Immutable;

namespace Vsmtp.Vsl;

/// <summary>A compiled script with its imports. Immutable and shared by all runs.</summary>
public sealed class Script
{
    internal Script(ScriptHost host, ImmutableArray<ScriptFile> files)
    {
        Host = host;
        Files = files;
    }

    public ScriptHost Host { get; }

    /// <summary>The main script and every import, in the order in which they were met.</summary>
    public ImmutableArray<ScriptFile> Files { get; }

    /// <summary>Runs the top level of every import and then of the main script, once each.</summary>
    /// <returns>The value of the main script's last statement: the stage map. Closures in it stay usable with any later run.</returns>
    public ValueTask<Completion> EvaluateAsync(ScriptRunOptions options, CancellationToken cancellation = default) =>
        throw new NotImplementedException();
}
