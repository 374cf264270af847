using Vsmtp.Contracts.Mail;
using Vsmtp.Rules;
using Vsmtp.Vsl;

namespace Vsmtp.Grains.Mail;

public sealed partial class MailGrain
{
    private const string PreqStage = "preq";

    /// <summary>By so much a mail whose client waits counts as older than it is: no mail that is asleep is so old.</summary>
    private static readonly TimeSpan Precedence = TimeSpan.FromDays(365);

    public async Task<OfferAnswer> Offer(OfferMail offered)
    {
        if (State.Phase is not MailPhase.None) return OfferAnswer.Of(State);   // a repeat of a call that already won
        if (await FindDelegation(offered) is not { } request)
        {
            LogNotOffered(Id, offered.Directive, offered.Mail.RuleSet);
            DeactivateOnIdle();
            return OfferAnswer.Gone;
        }

        var now = time.GetUtcNow();
        var waitEndsAt = now + (request.PreqWait ?? TimeSpan.Zero);
        var offer = new MailOffer
        {
            EndsAt = waitEndsAt + options.OfferMargin,
            AcceptsLate = request.AcceptsLate,
        };
        var content = offered.Mail.Content.Id;
        var state = StateOf(offered.Mail, now) with { Stage = PreqStage, Offer = offer };
        state = Tell(state, "offered", $"{content.Length} octets, sha256 {content.Sha256}; the client waits until {waitEndsAt:HH:mm:ss}");
        await BeginVisits(state, request);
        return OfferAnswer.Of(State);
    }

    public async Task<OfferAnswer> Confirm(bool isWaitOver)
    {
        if (State.Phase is not MailPhase.Offered) return OfferAnswer.Of(State);
        if (State.Offer!.IsPassed) await AcceptPassed();
        else if (isWaitOver) await EndWait();
        return OfferAnswer.Of(State);
    }

    public async Task<OfferAnswer> Withdraw(string why)
    {
        if (State.Phase is MailPhase.None) await Forget();
        if (State.Phase is MailPhase.Offered) await Commit(State.Withdraw(Withdrawal(why)));
        return OfferAnswer.Of(State);
    }

    /// <summary>What is due of a mail that is offered: rules, visits, or its end.</summary>
    private Task AdvanceOffer()
    {
        var offer = State.Offer!;
        if (time.GetUtcNow() >= offer.EndsAt)
            return Commit(State.Withdraw(Withdrawal("the gateway that offered it has not come back")));
        return offer switch
        {
            { IsPassed: true } => Task.CompletedTask,
            { AreRulesDue: true } => RunRules(),
            _ => AdvanceVisits(time.GetUtcNow()),
        };
    }

    /// <summary>What the rules of preq say while the client waits, in the words of the session (docs/rules.md).</summary>
    private Task Judge(MailState state, StageOutcome outcome)
    {
        if (outcome.Failure is { } failure)
        {
            LogScriptFailed(Id, state.Stage, failure.Message, outcome.Source);
            return Refuse(state, outcome, $"script error: {failure.Message}", reply: null, closes: true);
        }

        switch (outcome.Status)
        {
            case RuleStatusKind.Deny:
                return Refuse(state, outcome, "denied by a rule of preq", OfferReplies.Of(outcome.Reply), closes: true);
            case RuleStatusKind.Info:
                return Refuse(state, outcome, "refused by a rule of preq", OfferReplies.Of(outcome.Reply));
            case RuleStatusKind.Quarantine when outcome.Reason is { } unhandled:
                var isRejected = State.Visits.Any(visit => visit.Outcome is DelegationOutcome.Rejected);
                return Refuse(state, outcome, unhandled, isRejected ? OfferReplies.Rejected : OfferReplies.NotChecked);
            case RuleStatusKind.Delegate when !state.Envelope.Recipients.IsEmpty:
                // The client waits no longer for it: the time that is left is this directive's, and so is the word on being late.
                var request = outcome.Delegate!;
                return BeginVisits(state with { Offer = state.Offer! with { AcceptsLate = request.AcceptsLate } }, request);
            default:
                return state.Envelope.Recipients.IsEmpty
                    ? Refuse(state, outcome, NoRecipientLeft, OfferReplies.NoRecipients)
                    : Pass(state, outcome);
        }
    }

    /// <summary>The verdict is good: what it means is committed, and waits for the gateway's word that the client is still there.</summary>
    private Task Pass(MailState state, StageOutcome outcome)
    {
        var offer = state.Offer! with { IsPassed = true, AreRulesDue = false, Quarantine = outcome.Quarantine };
        state = state with
        {
            Stage = "postq",
            SkipsRules = outcome.Status is RuleStatusKind.ForceAccept,
            Offer = offer,
            Reason = "passed the rules of preq",
            Source = outcome.Source,
        };
        return Commit(state.MoveTo(MailPhase.Offered, time.GetUtcNow(), offer.EndsAt, isBusy: false));
    }

    private Task Refuse(MailState state, StageOutcome outcome, string why, MailReply? reply, bool closes = false)
    {
        var told = reply is null ? why : $"{why}: {reply}";
        return Commit(state.Withdraw(
            Withdrawal(told, NameOf(state, outcome), outcome.Source), state.Offer! with { Reply = reply, Closes = closes }));
    }

    /// <summary>The acceptance commit (design rule 1): from here on the mail is in the queues of accepted ones.</summary>
    private async Task AcceptPassed()
    {
        var state = AcceptedNow("the rules of preq let it pass");
        if (State.Offer!.Quarantine is { } name)
        {
            await Commit(Quarantined(state, name, "a rule before the queue said so", directive: null, State.Source));
            return;
        }

        await Commit(state with { Source = null });
        GoOn();
    }

    /// <summary>No verdict in time: the service's own word on that, <c>preq_late</c>.</summary>
    private async Task EndWait()
    {
        if (!State.Offer!.AcceptsLate)
        {
            await Commit(State.Withdraw(
                Withdrawal($"no verdict in time: {OfferReplies.NotChecked}"), State.Offer with { Reply = OfferReplies.NotChecked }));
            return;
        }

        var state = AcceptedNow("no verdict in time, which this service's mails need not wait for");
        if (State.Offer.AreRulesDue)
        {
            await Commit(state);
            GoOn();
        }
        else
        {
            await CommitVisits(state with { Reason = State.Reason });
        }
    }

    private MailState AcceptedNow(string why)
    {
        var now = time.GetUtcNow();
        var state = Tell(State, "accepted", $"{State.Content!.Length} octets, sha256 {State.Content.Sha256}; {why}");
        return (state with { Offer = null, AcceptedAt = now, Reason = null }).GoToRules(now, options.WorkLease);
    }

    /// <summary>Of what can be judged no more, which would be quarantined if it were accepted: the client still has the mail.</summary>
    private MailState Unjudged(MailState state, string why, string? directive, string? source) =>
        state.Withdraw(Withdrawal(why, directive, source), state.Offer! with { Reply = OfferReplies.NotChecked });

    private MailEvent Withdrawal(string why, string? directive = null, string? source = null)
    {
        LogWithdrawn(Id, why);
        return new MailEvent(time.GetUtcNow(), options.Node, "withdrawn", why, directive, source);
    }

    /// <summary>
    /// Turns with a service go by age, and those for whom a client waits come first. They are as many as there are sessions at most; behind
    /// a long queue of mails that are asleep each of them would be too late.
    /// </summary>
    private static DateTimeOffset TurnAgeOf(MailState state) => state.Offer is null ? state.AcceptedAt : state.AcceptedAt - Precedence;

    /// <summary>The directive as the mail's own rule set has it; null: this silo does not know it.</summary>
    private async ValueTask<DelegateRequest?> FindDelegation(OfferMail offered) =>
        await ruleSets.FindAsync(offered.Mail.RuleSet, CancellationToken.None) is { } rules
            && rules.Find(offered.Directive) is { Kind: DirectiveKind.Delegate, Stage: Stage.Preq } directive
            ? new DelegateRequest(Stage.Preq, directive.Name, [.. directive.ServiceNames.Select(name => rules.Services[name])], directive.Source)
            : null;
}
