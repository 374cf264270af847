namespace Vsmtp.Configuration;

/// <summary>A place in the configuration.</summary>
/// <param name="File">As the caller named it; null: the built-in defaults; <c>--set</c> or the name of an environment variable when it came from there.</param>
/// <param name="Line">From 1; 0: no line.</param>
/// <param name="Column">In Unicode scalars, from 1; 0: no column.</param>
/// <param name="SourceLine">The line without its end; null: none, or one that holds a secret.</param>
public sealed record SourcePlace(string? File, int Line, int Column, string? SourceLine);
