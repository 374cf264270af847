namespace Vsmtp.Configuration;

/// <summary>A place in the configuration.</summary>
/// <param name="File">As the caller named it; <c>--set</c> or the name of an environment variable when it came from there.</param>
/// <param name="Line">From 1; 0: no line.</param>
/// <param name="Column">In Unicode scalars, from 1; 0: no column.</param>
/// <param name="SourceLine">The line without its end; null: none, or one that holds a secret.</param>
public sealed record SourcePlace(string? File, int Line, int Column, string? SourceLine)
{
    /// <summary>The built-in defaults.</summary>
    public static SourcePlace BuiltIn { get; } = new(null, 0, 0, null);
}
