namespace Vsmtp.Vsl.Syntax.Expressions;

/// <summary>One case of a <see cref="Switch"/>.</summary>
/// <param name="Labels">Alternatives; empty for <c>_</c>. Constants after binding.</param>
internal sealed record SwitchCase(Node[] Labels, Node? Guard, Node Body, SourceSpan Span)
{
    public bool IsDefault => Labels.Length == 0;
}
