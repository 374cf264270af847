using System.Collections.Immutable;
using Vsmtp.Contracts.Mail;
using Vsmtp.Rules;

namespace Vsmtp.Grains.Mail;

public sealed partial class MailGrain
{
    public async Task<OperatorAnswer> MoveToRules(string ruleSet, bool restarts)
    {
        if (State.Phase is MailPhase.None) await Forget();
        if (State.Phase is MailPhase.Offered) return new OperatorAnswer(false, $"{Id} is not accepted yet: its client waits for a verdict.");
        if (State.Phase is not (MailPhase.Working or MailPhase.Delegated or MailPhase.Quarantine))
            return new OperatorAnswer(false, $"{Id} is {Place}: no rules will be run on it.");
        if (State.RuleSet == ruleSet && !IsParked) return new OperatorAnswer(true, $"{Id} is under the rules {Short(ruleSet)} already.");
        // A commit of this process would take the mail over from the one that sends it.
        if (State.OpenVisits().Any(visit => visit.Step is DelegationStep.Sending && !delegations.IsInFlight(Id, visit.Serial)))
            return new OperatorAnswer(false, $"{Id} is being sent to a service by another process: try again.");
        if (await ruleSets.FindAsync(ruleSet, CancellationToken.None) is not { } rules)
            return new OperatorAnswer(false, $"The rules {Short(ruleSet)} cannot be loaded.");

        if (State.Phase is MailPhase.Quarantine && !IsParked) return await Move(State, ruleSet, $"it stays in {MailQueue.NameOf(State)}");
        if (State.Visits.IsEmpty) return await Move(ToWork(State), ruleSet, $"its rules of {State.Stage} are to be run");
        if (restarts) return await Move(ToWork(State.EndVisits(options.MaxSpentTickets)), ruleSet, $"its rules of {State.Stage} are run from the first");
        var point = new ResumePoint(State.Stage, State.Visits[0].Directive, [.. State.Visits.Select(visit => visit.Service)]);
        return point.WhyNotUnder(rules) is { } whyNot
            ? new OperatorAnswer(false, $"{Id} sleeps at {Named(State.Visits[0])}, and the rules {Short(ruleSet)} {whyNot}.")
            : await Move(AtTheSameDirective(rules), ruleSet, $"it goes on at {Named(State.Visits[0])}");
    }

    private bool IsParked => State is { Phase: MailPhase.Quarantine, Quarantine: RuleSetQuarantine };

    /// <summary>The state as it sleeps on, at the place where the directive stands in these rules; parked, it takes up what it was parked at.</summary>
    private MailState AtTheSameDirective(RuleSet rules)
    {
        var now = time.GetUtcNow();
        var source = rules.Find(State.Visits[0].Directive)!.Source;
        var state = State with { Visits = [.. State.Visits.Select(visit => visit with { Source = source })] };
        if (IsParked) state = Unparked(state);
        if (State.Phase is MailPhase.Working) return state.GoToRules(now, options.WorkLease);
        if (IsParked && state.NextDecided() is not null) return ToWork(state);
        return IsParked ? state.SleepAtServices(now, options.WorkLease) : state;
    }

    /// <summary>Its open visits are tried anew at once, each with all its patience: the time in quarantine was not the service's.</summary>
    private MailState Unparked(MailState state)
    {
        var now = time.GetUtcNow();
        return state with
        {
            Quarantine = null,
            Reason = null,
            Visits = [.. state.Visits.Select(visit => visit.Step is DelegationStep.Decided or DelegationStep.Handled
                ? visit
                : visit with { Step = DelegationStep.Retrying, FirstTriedAt = now, DueAt = now })],
        };
    }

    /// <summary>For the sweep, which wakes mails at a bounded rate: many may be moved at once.</summary>
    private MailState ToWork(MailState state)
    {
        var now = time.GetUtcNow();
        return state.MoveTo(MailPhase.Working, now, now, isBusy: false) with { Quarantine = null, Reason = null, Source = null };
    }

    private async Task<OperatorAnswer> Move(MailState state, string ruleSet, string how)
    {
        var (before, directive, source) = (State.RuleSet, State.Visits.IsEmpty ? null : Named(State.Visits[0]), State.Visits.IsEmpty ? null : State.Visits[0].Source);
        await Commit(Tell(state with { RuleSet = ruleSet }, "moved", $"by an operator from the rules {Short(before)} to {Short(ruleSet)}: {how}", directive, source));
        if (State is { Phase: MailPhase.Working, IsBusy: true }) GoOn();               // the step that was to come belonged to the version before
        return new OperatorAnswer(true, $"{Id} is moved from the rules {Short(before)} to {Short(ruleSet)}: {how}.");
    }

    private static string Short(string ruleSet) => ruleSet[..Math.Min(12, ruleSet.Length)];
}
