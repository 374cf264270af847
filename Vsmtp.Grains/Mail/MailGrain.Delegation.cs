using Vsmtp.Contracts.Mail;
using Vsmtp.Delivery.Delegation;
using Vsmtp.Delivery.Delegation.Gates;
using Vsmtp.Mail.Delegation;
using Vsmtp.Delivery.Retries;
using Vsmtp.Rules;

namespace Vsmtp.Grains.Mail;

public sealed partial class MailGrain
{
    public async Task<ReturnAnswer> Return(DelegationReturn returned)
    {
        if (State.Phase is MailPhase.None) await Forget();
        if (State.Content is { } taken && taken.Key == returned.Content.Id.Key) return ReturnAnswer.Resumed;   // a repeat of a call that already won
        if (State.OpenVisits().FirstOrDefault(open => open.TicketHashes.Contains(returned.TicketHash)) is { } visit)
        {
            await Resume(visit, returned);
            return ReturnAnswer.Resumed;
        }

        if (!State.SpentTicketHashes.Contains(returned.TicketHash)) return ReturnAnswer.Unknown;
        LogReturnDiscarded(Id, returned.Peer);
        if (State.Discards < options.MaxDiscardEvents)
        {
            var state = Tell(State, "discarded", $"{returned.Peer} brought it back again or too late; nothing of it was kept");
            await Commit(state with { Discards = state.Discards + 1 });
        }

        return ReturnAnswer.Discarded;
    }

    public async Task LetGo(string ticketHash, DateTimeOffset beganAt)
    {
        if (State.OpenVisits().FirstOrDefault(open => open.TicketHashes is [.., var present] && present == ticketHash) is not { WasLetGo: false } visit)
            return;
        var state = Tell(State, "let go", $"{visit.Service} came to the receiver and left without the mail", Named(visit), visit.Source);
        visit = visit with { WasLetGo = true };
        switch (visit.Step)
        {
            case DelegationStep.Sending:
                await Commit(state.With(visit));
                break;
            // clamsmtpd answers us and lets the receiver go in one breath; which of the two is heard first is chance. A service that
            // queues answers first and comes then: what it lets go of it may bring again.
            case DelegationStep.AwaitingReturn when beganAt < visit.AnsweredAt:
                await EndVisit(state, visit, DelegationOutcome.Absorbed, LeftWithout(visit));
                break;
        }
    }

    public async Task Sent(DelegationReport report)
    {
        if (State.OpenVisits().FirstOrDefault(open => open.Serial == report.Attempt) is not { Step: DelegationStep.Sending } visit)
            return;                                            // it came back meanwhile, or a later attempt is under way
        visit = visit with { LastResult = report.Detail, Suspicion = report.Suspicion ?? visit.Suspicion };
        switch (report.Result)
        {
            case DelegationSendResult.Accepted when visit.WasLetGo:
                await EndVisit(State, visit, DelegationOutcome.Absorbed, LeftWithout(visit));
                break;
            case DelegationSendResult.Accepted:
                await AwaitReturn(visit, report.Detail);
                break;
            case DelegationSendResult.Rejected:
                await EndVisit(State, visit, DelegationOutcome.Rejected, report.Detail);
                break;
            case DelegationSendResult.TooLarge:
                await EndVisit(State, visit, DelegationOutcome.Unscanned, report.Detail);
                break;
            case DelegationSendResult.Poison:
                await EndVisit(State, visit, DelegationOutcome.Failed, report.Detail);
                break;
            case DelegationSendResult.NotSent:
                await Attempt(State, visit with { Attempt = visit.Attempt - 1 });
                break;
            default:
                await RetryLater(visit, $"{(report.Result is DelegationSendResult.Unreachable ? "unreachable" : "failed for now")}: {report.Detail}");
                break;
        }
    }

    public async Task TakeTurn(string service)
    {
        if (State.Phase is MailPhase.None) await Forget();
        if (State.OpenVisits().FirstOrDefault(open => open.Service == service) is { Step: DelegationStep.Waiting } visit) await Attempt(State, visit);
    }

    /// <summary>Each visit of which something is due; a commit that moves the mail on ends the turn's work on the others.</summary>
    private async Task AdvanceVisits()
    {
        var now = time.GetUtcNow();
        foreach (var service in State.Visits.Select(visit => visit.Service))
        {
            if (State.OpenVisits().FirstOrDefault(open => open.Service == service) is { } visit) await AdvanceVisit(visit, now);
        }
    }

    private async Task AdvanceVisit(DelegationState visit, DateTimeOffset now)
    {
        switch (visit.Step)
        {
            case DelegationStep.Sending when !delegations.IsInFlight(Id, visit.Serial):
            case DelegationStep.Retrying or DelegationStep.Waiting when now >= visit.DueAt:
                await Attempt(State, visit);
                break;
            case DelegationStep.AwaitingReturn when now >= visit.ReturnDeadline:
                await EndVisit(State, visit, DelegationOutcome.Absorbed, $"not brought back by {visit.ReturnDeadline:HH:mm:ss}");
                break;
        }
    }

    private async Task BeginVisit(MailState state, DelegateRequest request)
    {
        if (state.Envelope.Recipients.IsEmpty)
        {
            await Commit(Dead(state, NoRecipientLeft, $"{state.Stage} \"{request.Directive}\"", request.Source));
            return;
        }

        var visit = new DelegationState
        {
            Service = request.Service.Name,
            Stage = state.Stage,
            Directive = request.Directive,
            Source = request.Source,
            FirstTriedAt = time.GetUtcNow(),
        };
        var verdicts = request.Service.Proof.AddRange(request.Service.VerdictHeaders);
        state = state with
        {
            Delegations = state.Delegations + 1,
            // What only the service may say is gone for good: nobody is to believe the sender's word for it, whatever the outcome.
            HeaderChanges = state.HeaderChanges.AddRange(verdicts.Select(name => new HeaderChange(HeaderChangeKind.RemoveAll, name, ""))),
        };
        if (state.Delegations > options.MaxDelegations)
            await EndVisit(state, visit, DelegationOutcome.Failed, $"the rules delegated it more than {options.MaxDelegations} times");
        else
            await Attempt(state, visit);
    }

    /// <summary>One attempt: committed with its ticket before the first octet goes out (design rule 3).</summary>
    private async Task Attempt(MailState state, DelegationState visit)
    {
        var now = time.GetUtcNow();
        if (await FindService(visit.Service, state.RuleSet) is not { } service)
        {
            await Commit(Quarantined(state.With(visit).SpendTickets(options.MaxSpentTickets), RuleSetQuarantine,
                $"the service {visit.Service} is in no rule set that can be loaded", Named(visit), visit.Source));
            return;
        }

        if (delegations.AskTurn(service, Id, TurnAgeOf(state), visit.Suspicion) is { IsGranted: false } turn)
        {
            await WaitForTurn(state, visit, turn, service.Retry);
            return;
        }

        var ticket = DelegationTicket.Create(Id);
        visit = visit with
        {
            Attempt = visit.Attempt + 1,
            Serial = state.DelegationAttempts + 1,
            Step = DelegationStep.Sending,
            Outcome = DelegationOutcome.Open,
            TicketHashes = visit.TicketHashes.AddNewest(ticket.Hash, options.MaxSpentTickets),
            WasLetGo = false,
            AnsweredAt = null,
            DueAt = now + options.WorkLease,
        };
        state = Tell(state, "delegated", $"to {visit.Service} at {service.Delegator}, attempt {visit.Attempt}", Named(visit), visit.Source);
        await Commit(state.With(visit).SleepAtServices(now) with
        {
            DelegationAttempts = visit.Serial,
            Reason = $"with {visit.Service}",
            Source = visit.Source,
        });
        delegations.Offer(new DelegationJob
        {
            MailId = Id,
            Attempt = visit.Serial,
            Ticket = ticket.Text,
            Service = service,
            Stage = visit.Stage,
            Directive = visit.Directive,
            Envelope = State.Envelope,
            Content = State.Content!,
            Suspicion = visit.Suspicion,
            HeaderChanges = State.HeaderChanges,
        });
    }

    /// <summary>One commit spends the tickets, switches to the returned content and sets the wake-up; rules run in a later turn.</summary>
    private async Task Resume(DelegationState visit, DelegationReturn returned)
    {
        var now = time.GetUtcNow();
        var state = Tell(State, "returned", $"by {visit.Service} from {returned.Peer}, {returned.Content.Id.Length} octets, sha256 {returned.Content.Id.Sha256}",
            Named(visit), visit.Source);
        if (EnvelopeDifference(returned) is { } difference) state = Tell(state, "envelope kept", difference);
        state = state.Decide(visit, DelegationOutcome.Returned, options.MaxSpentTickets) with
        {
            Content = returned.Content.Id,
            HeaderChanges = [],                                // the service got them with the mail
            NewContents = returned.Content.Inline.IsDefault ? [] : [returned.Content],
            Reason = null,
        };
        await Commit(state.GoToRules(now, options.WorkLease));
        GoOn();
    }

    private async Task AwaitReturn(DelegationState visit, string reply)
    {
        var now = time.GetUtcNow();
        var deadline = now + (await FindService(visit.Service) ?? Undeclared).ReturnDeadline;
        var state = Tell(State, "sent", $"{visit.Service} answered {reply}; it has until {deadline:HH:mm:ss} to bring it back",
            Named(visit), visit.Source);
        visit = visit with { Step = DelegationStep.AwaitingReturn, AnsweredAt = now, ReturnDeadline = deadline, DueAt = deadline };
        await Commit(state.With(visit).SleepAtServices(now));
    }

    private async Task RetryLater(DelegationState visit, string why)
    {
        var now = time.GetUtcNow();
        var service = await FindService(visit.Service) ?? Undeclared;
        var retry = service.Retry;
        if (RetrySchedule.Of(retry).NextPause(visit.Attempt, now - visit.FirstTriedAt, Random.Shared.NextDouble()) is not { } pause)
        {
            await EndVisit(State, visit, DelegationOutcome.Failed, $"{why}; tried for {retry.GiveUp}");
            return;
        }

        // Not of a mail that may be the cause.
        if (!visit.Suspicion.IsSuspect && delegations.WaitWhileDown(service, Id, TurnAgeOf(State), visit.Suspicion) is { } turn)
        {
            visit = visit with { Step = DelegationStep.Waiting };
            await WaitForTurn(Tell(State, "retry", $"{visit.Service} {why}; again when it is well", Named(visit), visit.Source), visit, turn, retry);
            return;
        }

        var next = now + pause;
        var state = Tell(State, "retry", $"{visit.Service} {why}; again at {next:HH:mm:ss}", Named(visit), visit.Source);
        visit = visit with { Step = DelegationStep.Retrying, DueAt = next };
        await Commit(state.With(visit).SleepAtServices(now) with { Reason = $"{visit.Service} {why}" });
    }

    /// <summary>Asleep until the sender calls; should no call come, it asks again. Only for a service that is down its patience ends.</summary>
    private async Task WaitForTurn(MailState state, DelegationState visit, TurnAnswer turn, DelegationRetry retry)
    {
        var now = time.GetUtcNow();
        var due = now + turn.Pause;
        if (turn.IsServiceDown)
        {
            var patience = visit.FirstTriedAt + retry.GiveUp;
            if (now >= patience)
            {
                await EndVisit(state, visit, DelegationOutcome.Failed, $"{turn.Why}; tried for {retry.GiveUp}");
                return;
            }

            if (due > patience) due = patience;
            if (visit.Step is not DelegationStep.Waiting) state = Tell(state, "waiting", turn.Why, Named(visit), visit.Source);
        }

        visit = visit with { Step = DelegationStep.Waiting, LastResult = turn.Why, DueAt = due };
        await Commit(state.With(visit).SleepAtServices(now) with { Reason = turn.Why, Source = visit.Source });
    }

    /// <summary>An outcome that is no return: the tickets are spent, and what the directive makes of it is the next turn's work.</summary>
    private async Task EndVisit(MailState state, DelegationState visit, DelegationOutcome outcome, string why)
    {
        var now = time.GetUtcNow();
        state = Tell(state, outcome.ToString().ToLowerInvariant(), $"{visit.Service}: {why}", Named(visit), visit.Source)
            .Decide(visit with { LastResult = why }, outcome, options.MaxSpentTickets);
        await Commit(state.GoToRules(now, options.WorkLease));
        GoOn();
    }

    /// <summary>The service as the site's present rules declare it; else as the mail's own set does (design rule 9). Null: neither knows it.</summary>
    private async ValueTask<SmtpServiceSettings?> FindService(string name, string? ruleSet = null) =>
        ruleSets.Current.Services.TryGetValue(name, out var current) ? current
        : await ruleSets.FindAsync(ruleSet ?? State.RuleSet, CancellationToken.None) is { } own && own.Services.TryGetValue(name, out var pinned) ? pinned
        : null;

    /// <summary>The usual times, for a visit to a service that no rule set declares any more.</summary>
    private static SmtpServiceSettings Undeclared { get; } = new() { Name = "", Delegator = "", Receiver = "" };

    private string? EnvelopeDifference(DelegationReturn returned)
    {
        var sent = State.Envelope.Recipients.Select(recipient => recipient.Address).Order(StringComparer.Ordinal);
        var senderDiffers = !string.Equals(returned.Sender, State.Envelope.Sender, StringComparison.Ordinal);
        var recipientsDiffer = !sent.SequenceEqual(returned.Recipients.Order(StringComparer.Ordinal), StringComparer.Ordinal);
        return senderDiffers || recipientsDiffer
            ? $"the service gave <{returned.Sender}> to {string.Join(", ", returned.Recipients)}; the mail's own sender and recipients stay"
            : null;
    }

    private static string LeftWithout(DelegationState visit) => $"answered {visit.LastResult} and left without it";

    private static string Named(DelegationState visit) => $"{visit.Stage} \"{visit.Directive}\"";
}
