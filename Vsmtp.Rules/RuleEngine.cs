using Vsmtp.Rules.Running;
using Vsmtp.Vsl;

namespace Vsmtp.Rules;

/// <summary>Runs the directives of a stage over one transaction. Thread-safe; holds nothing of a run.</summary>
/// <remarks>The limits are those of one stage, all its directives together.</remarks>
/// <param name="stopping">Ends runs whose caller gives no token: grains have none.</param>
public sealed class RuleEngine(TimeProvider time, BudgetLimits limits, CancellationToken stopping = default)
{
    /// <summary>The quarantine of delegations whose end no handler handles (design rule 7).</summary>
    public const string DelegationQuarantine = "delegation";

    /// <summary>Runs a stage from its first directive.</summary>
    /// <exception cref="OperationCanceledException">The token; changes that rules have made to the context stay.</exception>
    public ValueTask<StageOutcome> RunAsync(RuleSet set, Stage stage, RuleContext context, CancellationToken cancellationToken)
    {
        var directives = set[stage];
        context.Delegations = [];
        if (directives.IsEmpty) return new(StageOutcome.Next);
        return Begin(set, stage, context, cancellationToken).ContinueAsync(directives, 0);
    }

    /// <summary>
    /// Goes on where a delegate slept: its handler for the result, then, after a next, what follows, unless other services of the
    /// delegate are awaited (<see cref="StageOutcome.IsAwaiting"/>).
    /// </summary>
    /// <returns>
    /// For a result that the directive has no handler for: quarantine <c>delegation</c> with the reason. For a directive that
    /// the stage does not have: a failure that says so.
    /// </returns>
    /// <exception cref="OperationCanceledException">The token; changes that rules have made to the context stay.</exception>
    public ValueTask<StageOutcome> ResumeAsync(
        RuleSet set, Stage stage, DelegateResume resume, RuleContext context, CancellationToken cancellationToken)
    {
        var run = Begin(set, stage, context, cancellationToken);
        return set.Find(resume.Directive) is { Kind: DirectiveKind.Delegate } found && found.Stage == stage
            ? run.ResumeAsync(found, resume)
            : new(Unknown(stage, resume.Directive));
    }

    private StageRun Begin(RuleSet set, Stage stage, RuleContext context, CancellationToken cancellationToken) =>
        new(set, stage, context, time, limits, cancellationToken.CanBeCanceled ? cancellationToken : stopping);

    private static StageOutcome Unknown(Stage stage, string directive) => new()
    {
        Status = RuleStatusKind.Deny,
        Directive = directive,
        Failure = ScriptError.FromHost($"the stage `{stage.ToText()}` has no delegate \"{directive}\" to resume at"),
    };
}
