namespace Vsmtp.Vsl;

/// <summary>Limits of loading, beyond which a script is refused with a diagnostic, and what is known for warnings.</summary>
public sealed record CompileOptions
{
    public static CompileOptions Default { get; } = new();

    /// <summary>Files of one script, the main one included. Default: 1,000.</summary>
    public int MaxFiles { get; init; } = 1_000;

    /// <summary>Whether conditions tell an <see cref="IScriptObserver"/> what they saw, which costs time. Default: false.</summary>
    public bool IsObserved { get; init; }

    /// <summary>Errors that are reported, and warnings; more are dropped. Default: 200 each.</summary>
    public int MaxDiagnostics { get; init; } = 200;

    public HostFacts Facts { get; init; } = HostFacts.None;
}
