using Vsmtp.Vsl;

namespace Vsmtp.Rules;

/// <summary>One directive that was evaluated.</summary>
/// <param name="Source">Where it stands, as <c>main.vsl:12:9</c>.</param>
/// <param name="Status">Null when a script error ended it.</param>
public sealed record DirectiveTrace(
    Stage Stage, DirectiveKind Kind, string Name, string Source, RuleStatusKind? Status, TimeSpan Duration);
