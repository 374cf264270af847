using Vsmtp.Contracts.Mail;
using Vsmtp.Rules;

namespace Vsmtp.Grains.Mail;

public sealed partial class MailGrain
{
    /// <summary>Quarantines that the program itself fills.</summary>
    private const string ScriptErrorQuarantine = "script-error";
    private const string RuleSetQuarantine = MailQueue.RuleSetQuarantine;

    private const string NoRecipientLeft = "no recipient is left to be served";

    /// <summary>
    /// It is sure that no directive stands between the 250 and the delivery, so that acceptance and what follows are one commit. Of earlier rule
    /// sets that is not asked: they may have to be read and compiled, and nothing but the commit is to come before the 250 (design rule 1).
    /// </summary>
    private bool HasNoRules(MailState state) =>
        state.SkipsRules || (ruleSets.Current is var rules && rules.Hash == state.RuleSet && rules[Stage.Postq].IsEmpty && rules[Stage.Delivery].IsEmpty);

    /// <summary>Runs the rules from where the mail stands until a rule decides, a service is to be asked, or none is left.</summary>
    private async Task RunRules()
    {
        using var run = load.Run();
        if (State.SkipsRules)
        {
            await GoToDelivery(State);
            return;
        }

        if (await ruleSets.FindAsync(State.RuleSet, CancellationToken.None) is not { } rules)
        {
            await Commit(Quarantined(State.SpendTickets(options.MaxSpentTickets), RuleSetQuarantine,
                $"the rule set {State.RuleSet} under which it was accepted cannot be loaded", directive: null, source: null));
            return;
        }

        var headers = await MessageHead.ReadAsync(contents, State.Content!, State.HeaderChanges, CancellationToken.None);
        var context = RuleContexts.FromState(Id, State, headers, contents, new NamedRuleLog(ruleLog, Id));
        var stage = Enum.Parse<Stage>(State.Stage, ignoreCase: true);
        var visit = State.NextDecided();
        var outcome = visit is null
            ? await engine.RunAsync(rules, stage, context, CancellationToken.None)
            : await engine.ResumeAsync(rules, stage, await ResumeOf(visit, headers), context, CancellationToken.None);
        var state = TellTrace(RuleContexts.ToState(State, context), outcome);
        if (visit is not null && outcome.IsAwaiting)
        {
            await AwaitOthers(state, visit, outcome);
            return;
        }

        if (visit is not null) state = EndVisits(state, visit);
        if (state.Offer is not null)
        {
            await Judge(state, outcome);
            return;
        }

        if (stage is Stage.Preq && outcome is { Status: RuleStatusKind.Next or RuleStatusKind.Accept, Failure: null })
        {
            stage = Stage.Postq;
            outcome = await engine.RunAsync(rules, stage, context, CancellationToken.None);
            state = TellTrace(RuleContexts.ToState(state with { Stage = stage.ToText() }, context), outcome);
        }

        if (stage is Stage.Postq && outcome.Status is RuleStatusKind.Next or RuleStatusKind.Accept or RuleStatusKind.Info && outcome.Failure is null)
        {
            stage = Stage.Delivery;
            outcome = await engine.RunAsync(rules, stage, context, CancellationToken.None);
            state = TellTrace(RuleContexts.ToState(state with { Stage = stage.ToText() }, context), outcome);
        }

        await Apply(state with { Stage = stage.ToText() }, outcome);
    }

    private Task Apply(MailState state, StageOutcome outcome)
    {
        if (outcome.Failure is { } failure)
        {
            LogScriptFailed(Id, state.Stage, failure.Message, outcome.Source);
            return Commit(Quarantined(state, ScriptErrorQuarantine, failure.Message, NameOf(state, outcome), outcome.Source));
        }

        switch (outcome.Status)
        {
            // After the 250 there is nobody to whom preq could refuse it.
            case RuleStatusKind.Info when state.Stage == PreqStage:
            case RuleStatusKind.Deny:
                var reply = outcome.Reply is { } given ? $": {given.Code} {given.Text}" : "";
                return Commit(Dead(state, $"denied by a rule of {state.Stage}{reply}", NameOf(state, outcome), outcome.Source));
            case RuleStatusKind.Quarantine:
                var why = outcome.Reason ?? $"{NameOf(state, outcome)} said so";
                LogQuarantined(Id, outcome.Quarantine!, why);
                return Commit(Quarantined(state, outcome.Quarantine!, why, NameOf(state, outcome), outcome.Source));
            case RuleStatusKind.Delegate:
                return BeginVisits(state, outcome.Delegate!);
            default:
                return GoToDelivery(state);
        }
    }

    private async Task GoToDelivery(MailState state)
    {
        var now = time.GetUtcNow();
        state = state with
        {
            Envelope = state.Envelope with
            {
                Recipients = [.. state.Envelope.Recipients.Where(recipient => recipient.Transport is not TransportKind.None)],
            },
        };
        if (state.Envelope.Recipients.IsEmpty)
        {
            await Commit(Dead(state, NoRecipientLeft));
            return;
        }

        await Commit(state.MoveTo(MailPhase.Deliver, now, now + options.WorkLease, isBusy: true) with { Reason = null, Source = null });
        deliveries.Offer(JobOf(State));
    }

    private static string? NameOf(MailState state, StageOutcome outcome) =>
        outcome.Directive is { } name ? $"{state.Stage} \"{name}\"" : null;

    private MailState TellTrace(MailState state, StageOutcome outcome) => state with
    {
        NewEvents = state.NewEvents.AddRange(outcome.Trace.Select(step => new MailEvent(
            time.GetUtcNow(), options.Node, "rule", WordsOf(step),
            $"{step.Stage.ToText()} \"{step.Name}\"", step.Source))),
    };
}
