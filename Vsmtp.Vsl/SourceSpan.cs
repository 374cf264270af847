namespace Vsmtp.Vsl;

/// <summary>A stretch of source text. Lines and columns count from 1; columns count UTF-16 units; the end is exclusive.</summary>
/// <param name="File">Path as it was loaded, relative to the main script's directory where possible.</param>
public readonly record struct SourceSpan(string File, int Line, int Column, int EndLine, int EndColumn)
{
    /// <summary>No place: what a native function reports before the call site is known.</summary>
    public static SourceSpan None => default;

    public bool IsNone => File is null;

    /// <summary>From the start of this span to the end of <paramref name="last"/>.</summary>
    public SourceSpan To(SourceSpan last) => this with { EndLine = last.EndLine, EndColumn = last.EndColumn };

    /// <returns><c>file:line:column</c>.</returns>
    public override string ToString() => IsNone ? "?" : $"{File}:{Line}:{Column}";
}
