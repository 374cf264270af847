using Vsmtp.Vsl;

namespace Vsmtp.Rules;

/// <summary>Runs the directives of a stage over one transaction. Thread-safe; holds nothing of a run.</summary>
public sealed class RuleEngine(TimeProvider time, BudgetLimits limits)
{
    /// <summary>Runs a stage from its first directive.</summary>
    /// <exception cref="OperationCanceledException">The token; what the rules have changed in the context by then stays.</exception>
    public ValueTask<StageOutcome> RunAsync(RuleSet set, Stage stage, RuleContext context, CancellationToken cancellationToken) =>
        throw new NotImplementedException($"{time}{limits}");

    /// <summary>Goes on where a delegate slept: its handler for the result first, then, if that says next, the directives after it.</summary>
    /// <returns>
    /// For a result that the directive has no handler for: quarantine <c>delegation</c> with the reason. For a directive that
    /// the stage does not have: a failure that says so.
    /// </returns>
    /// <exception cref="OperationCanceledException">The token; what the rules have changed in the context by then stays.</exception>
    public ValueTask<StageOutcome> ResumeAsync(
        RuleSet set, Stage stage, string directive, DelegateResult result, RuleContext context, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>As above, for a mail that came back.</summary>
    public ValueTask<StageOutcome> ResumeAsync(
        RuleSet set, Stage stage, string directive, RuleContext context, CancellationToken cancellationToken) =>
        ResumeAsync(set, stage, directive, new DelegateResult.Returned(), context, cancellationToken);
}
