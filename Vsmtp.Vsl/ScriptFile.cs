namespace Vsmtp.Vsl;

/// <summary>One source file of a script: the main script or an import.</summary>
/// <param name="Path">'/'-separated, relative to the main script's directory unless the import was absolute.</param>
public sealed record ScriptFile(string Path, string Text);
