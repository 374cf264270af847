using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Vsmtp.Rules.Functions;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Running;

/// <summary>One evaluation of a stage: its budget, its trace, its way through the directives.</summary>
internal sealed class StageRun(
    RuleSet set, Stage stage, RuleContext context, TimeProvider time, BudgetLimits limits, CancellationToken cancellation)
{
    private readonly ImmutableArray<DirectiveTrace>.Builder _trace = ImmutableArray.CreateBuilder<DirectiveTrace>();

    private readonly Watcher? _watcher = set.Options.IsObserved ? new Watcher() : null;

    // Null for the built-in set, which has nothing to run.
    private ScriptRun? _run;

    /// <summary>Runs directives from an index on, up to the first status that is not next.</summary>
    public async ValueTask<StageOutcome> ContinueAsync(ImmutableArray<RuleDirective> directives, int from)
    {
        for (var i = from; i < directives.Length; i++)
        {
            var directive = directives[i];
            var started = time.GetTimestamp();
            var outcome = await EvaluateAsync(directive).ConfigureAwait(false);
            Trace(directive, started, outcome);
            if (outcome.Status is not RuleStatusKind.Next) return outcome with { Trace = _trace.ToImmutable() };
        }

        return StageOutcome.Next with { Trace = _trace.ToImmutable() };
    }

    /// <summary>
    /// Runs the handler of a delegation's result and, if that says next and no other service of the directive is awaited, what stands
    /// after the directive.
    /// </summary>
    public async ValueTask<StageOutcome> ResumeAsync(RuleDirective directive, DelegateResume resume)
    {
        var result = resume.Visit.Result;
        context.Delegations = [.. resume.Earlier, resume.Visit];
        var started = time.GetTimestamp();
        var handler = directive.HandlerOf(result);
        var outcome = handler is null
            ? Unhandled(directive, result)
            : await InvokeAsync(directive, handler, Arguments(handler, result)).ConfigureAwait(false);
        Trace(directive, started, outcome);
        _trace[^1] = _trace[^1] with { Visit = resume.Visit, Handler = handler is null ? null : result.HandlerName };
        // Only what keeps the mail back may end it before all are in: nothing passes because the others were not heard.
        if (resume.AwaitsOthers && MayGoOn(outcome)) return outcome with { IsAwaiting = true, Trace = _trace.ToImmutable() };
        if (outcome.Status is RuleStatusKind.Next && resume.HasConsent) outcome = Decided(directive, RuleStatusKind.Accept);
        if (outcome.Status is not RuleStatusKind.Next) return outcome with { Trace = _trace.ToImmutable() };
        var directives = set[stage];
        return await ContinueAsync(directives, directives.IndexOf(directive) + 1).ConfigureAwait(false);
    }

    /// <remarks>In preq an info refuses the message; later nobody can be told, and it is as good as an accept.</remarks>
    private bool MayGoOn(StageOutcome outcome) =>
        outcome.Failure is null
        && (outcome.Status is RuleStatusKind.Next or RuleStatusKind.Accept || (outcome.Status is RuleStatusKind.Info && stage is not Stage.Preq));

    private ValueTask<StageOutcome> EvaluateAsync(RuleDirective directive) => directive switch
    {
        { Script: null } => new(Decided(directive, RuleStatusKind.Deny)),
        { Kind: DirectiveKind.Delegate } => new(Delegated(directive)),
        _ => InvokeAsync(directive, directive.Script.Body, default),
    };

    private async ValueTask<StageOutcome> InvokeAsync(
        RuleDirective directive, FunctionValue body, ReadOnlyMemory<Value> arguments)
    {
        Completion completion;
        _run ??= new ScriptRun(set.Script!, new StageState(set, stage, context), limits, time, cancellation) { Observer = _watcher };
        try
        {
            completion = await _run.InvokeAsync(body, arguments).ConfigureAwait(false);
        }
        catch (RegexMatchTimeoutException e)
        {
            // A comparison cannot give an error, so this is the one fault of a host object that is thrown.
            completion = Completion.Error($"`{e.Pattern}` takes too long on a text of {e.Input.Length} characters");
        }

        // A run that the host stops has decided nothing about the mail.
        cancellation.ThrowIfCancellationRequested();
        if (completion.Failure is { } failure) return Failed(directive, failure);
        if (directive.Kind is DirectiveKind.Action) return Decided(directive, RuleStatusKind.Next);
        return completion.Value.TryAsHost<Status>(out var status)
            ? Judge(directive, status)
            : Failed(directive, NoStatus(directive, completion.Value));
    }

    private StageOutcome Judge(RuleDirective directive, Status status)
    {
        // After an info the recipient or message is dropped; a 2yz would tell the client that we have it (design rule 1).
        if (stage is Stage.Rcpt or Stage.Preq && status is { Kind: RuleStatusKind.Info, Reply.Code: < 400 })
        {
            var what = stage is Stage.Rcpt ? "recipient" : "message";
            var message = $"info with `{status.Reply}` in the stage `{stage.ToText()}` tells the client that a dropped {what} is taken";
            return Failed(directive, ScriptError.FromHost(message) with { Span = directive.Script!.Span });
        }

        if (stage is not Stage.Authenticate && status.Kind is RuleStatusKind.Packet)
        {
            var message = $"a packet is for the stage `authenticate`, not for `{stage.ToText()}`";
            return Failed(directive, ScriptError.FromHost(message) with { Span = directive.Script!.Span });
        }

        return Decided(directive, status.Kind) with
        {
            Packet = status.Packet,
            Reply = status.Reply,
            Quarantine = status.Quarantine,
            SaidAt = status.SaidAt.IsNone ? null : status.SaidAt.ToString(),
        };
    }

    private StageOutcome Delegated(RuleDirective directive) => Decided(directive, RuleStatusKind.Delegate) with
    {
        Delegate = new DelegateRequest(stage, directive.Name, [.. directive.ServiceNames.Select(name => set.Services[name])], directive.Source),
    };

    private static StageOutcome Unhandled(RuleDirective directive, DelegateResult result) =>
        Decided(directive, RuleStatusKind.Quarantine) with
        {
            Quarantine = RuleEngine.DelegationQuarantine,
            Reason = result.Reason,
        };

    private static StageOutcome Decided(RuleDirective directive, RuleStatusKind status) =>
        new() { Status = status, Directive = directive.Name, Source = directive.Source };

    private static StageOutcome Failed(RuleDirective directive, ScriptError failure) =>
        Decided(directive, RuleStatusKind.Deny) with { Failure = failure };

    private static ScriptError NoStatus(RuleDirective directive, Value value)
    {
        var message = $"{directive.Script!.ToText()} gave a value of type {value.TypeName} instead of a status such as next()";
        return ScriptError.FromHost(message) with { Span = directive.Script.Span };
    }

    private static Value[] Arguments(FunctionValue handler, DelegateResult result) => result switch
    {
        _ when handler.ParameterCount == 0 => [],
        DelegateResult.Rejected rejected => [rejected.Reply],
        DelegateResult.Failed failed => [failed.Why],
        _ => [],
    };

    private void Trace(RuleDirective directive, long started, StageOutcome outcome) => _trace.Add(new DirectiveTrace(
        stage, directive.Kind, directive.Name, directive.Source,
        outcome.Failure is null ? outcome.Status : null, time.GetElapsedTime(started)) { Seen = _watcher?.Take() ?? [] });
}
