using Vsmtp.Rules;

namespace Vsmtp.Gateway.Clients;

/// <summary>A verdict that holds for all later stages (spec/vsl-stages-and-status.md section 5): no more rules are run.</summary>
/// <param name="Quarantine">Under which name the mail is kept; null: it was force-accepted.</param>
/// <param name="Source">The rule that said so, as <c>main.vsl:12:9</c>.</param>
internal sealed record StickyVerdict(string? Quarantine, string? Source)
{
    /// <summary>What an outcome leaves behind; null when later stages run as usual.</summary>
    public static StickyVerdict? Of(StageOutcome outcome) => outcome.Status switch
    {
        RuleStatusKind.ForceAccept => new StickyVerdict(null, outcome.Source),
        RuleStatusKind.Quarantine => new StickyVerdict(outcome.Quarantine, outcome.Source),
        _ => null,
    };
}
