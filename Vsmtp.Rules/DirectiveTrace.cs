using System.Collections.Immutable;
using Vsmtp.Vsl;

namespace Vsmtp.Rules;

/// <summary>One directive that was evaluated.</summary>
/// <param name="Source">Where it stands, as <c>main.vsl:12:9</c>.</param>
/// <param name="Status">Null when a script error ended it.</param>
public sealed record DirectiveTrace(
    Stage Stage, DirectiveKind Kind, string Name, string Source, RuleStatusKind? Status, TimeSpan Duration)
{
    /// <summary>What its conditions saw, in their order; empty unless <see cref="RuleSetOptions.IsObserved"/>.</summary>
    public ImmutableArray<Observation> Seen { get; init; } = [];

    /// <summary>Where a delegate went on: whose outcome was handled. Else null.</summary>
    public DelegateVisit? Visit { get; init; }

    /// <summary>The handler that ran for it; null where the directive has none for that outcome, and for other directives.</summary>
    public string? Handler { get; init; }
}
