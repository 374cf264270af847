using Vsmtp.Vsl;

namespace Vsmtp.Rules.Loading;

/// <summary>A name, a string or a punctuation mark of a script.</summary>
/// <param name="Text">Without quotes for a string.</param>
/// <param name="Depth">How many brackets are open around it; a bracket counts itself.</param>
internal readonly record struct ScriptWord(ScriptWordKind Kind, string Text, int Depth, SourceSpan Span);

internal enum ScriptWordKind
{
    Name,
    String,
    Mark,
}
