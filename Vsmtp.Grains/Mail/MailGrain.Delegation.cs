using System.Collections.Immutable;
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
        if (State.Contents.Any(taken => taken.Key == returned.Content.Id.Key)) return ReturnAnswer.Resumed;   // a repeat of a call that already won
        if (State.OpenVisits().FirstOrDefault(open => open.TicketHashes.Contains(returned.TicketHash)) is { } visit)
        {
            await Resume(visit, returned);
            return ReturnAnswer.Resumed;
        }

        if (!State.SpentTicketHashes.Contains(returned.TicketHash) && !State.Visits.Any(visit => visit.TicketHashes.Contains(returned.TicketHash)))
            return ReturnAnswer.Unknown;
        LogReturnDiscarded(Id, returned.Peer);
        if (State.Discards < options.MaxDiscardEvents)
        {
            var state = Tell(State, "discarded", $"{returned.Peer} brought it back again or too late; nothing of it was kept");
            await Commit(state with { Discards = state.Discards + 1 });
            if (AreRulesDue) GoOn();                           // what was to come next was for the version before
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
                await CommitVisits(state.With(visit));
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
        visit = visit with { LastResult = report.Detail, LastReply = ReplyIn(report) ?? visit.LastReply, Suspicion = report.Suspicion ?? visit.Suspicion };
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
    private async Task AdvanceVisits(DateTimeOffset now)
    {
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

    /// <summary>The directive's services are asked, all of them at once: one commit has all visits, so that none is forgotten.</summary>
    private async Task BeginVisits(MailState state, DelegateRequest request)
    {
        if (state.Envelope.Recipients.IsEmpty)
        {
            await Commit(Dead(state, NoRecipientLeft, $"{state.Stage} \"{request.Directive}\"", request.Source));
            return;
        }

        var verdicts = request.Services.SelectMany(service => service.OwnHeaders).Distinct(StringComparer.OrdinalIgnoreCase);
        state = state with
        {
            Delegations = state.Delegations + request.Services.Length,
            Visits = [.. request.Services.Select(service => NewVisit(state, request, service))],
            // What only the service may say is gone for good: nobody is to believe the sender's word for it, whatever the outcome.
            HeaderChanges = state.HeaderChanges.AddRange(verdicts.Select(name => new HeaderChange(HeaderChangeKind.RemoveAll, name, ""))),
        };
        state = state with { Sent = request.Services.Length > 1 ? state.ToSend() : null };
        if (state.Delegations <= options.MaxDelegations)
        {
            await Attempt(state, state.Visits);
            return;
        }

        foreach (var visit in state.Visits)
            state = Decided(state, visit, DelegationOutcome.Failed, $"the rules delegated it more than {options.MaxDelegations} times");
        await CommitVisits(state);
    }

    private DelegationState NewVisit(MailState state, DelegateRequest request, SmtpServiceSettings service) => new()
    {
        Service = service.Name,
        Stage = state.Stage,
        Directive = request.Directive,
        Source = request.Source,
        FirstTriedAt = time.GetUtcNow(),
        KeepsOriginal = service.KeepsOriginal,
        ClearedHeaders = service.KeepsOriginal ? service.OwnHeaders : [],
    };

    /// <summary>An attempt of each visit: committed with its ticket before the first octet goes out (design rule 3).</summary>
    private async Task Attempt(MailState state, params ImmutableArray<DelegationState> visits)
    {
        var services = new List<SmtpServiceSettings>();
        foreach (var visit in visits)
        {
            if (await FindService(visit.Service, state.RuleSet) is { } service)
            {
                services.Add(service);
                continue;
            }

            await Commit(Quarantined(state.With(visit).SpendTickets(options.MaxSpentTickets), RuleSetQuarantine,
                $"the service {visit.Service} is in no rule set that can be loaded", Named(visit), visit.Source));
            return;
        }

        var jobs = new List<DelegationJob>();
        foreach (var (visit, service) in visits.Zip(services))
        {
            if (delegations.AskTurn(service, Id, TurnAgeOf(state), visit.Suspicion) is { IsGranted: false } turn)
            {
                state = WaitForTurn(state, visit, turn, service.Retry);
                continue;
            }

            var ticket = DelegationTicket.Create(Id);
            state = BeginAttempt(state, visit, service, ticket);
            jobs.Add(JobOf(state, visit, service, ticket));
        }

        await CommitVisits(state);
        foreach (var job in jobs) delegations.Offer(job);
    }

    private MailState BeginAttempt(MailState state, DelegationState visit, SmtpServiceSettings service, DelegationTicket ticket)
    {
        visit = visit with
        {
            Attempt = visit.Attempt + 1,
            Serial = state.DelegationAttempts + 1,
            Step = DelegationStep.Sending,
            Outcome = DelegationOutcome.Open,
            TicketHashes = visit.TicketHashes.AddNewest(ticket.Hash, options.MaxSpentTickets),
            WasLetGo = false,
            AnsweredAt = null,
            DueAt = time.GetUtcNow() + options.WorkLease,
        };
        state = Tell(state, "delegated", $"to {visit.Service} at {service.Delegator}, attempt {visit.Attempt}", Named(visit), visit.Source).With(visit);
        return state with { DelegationAttempts = visit.Serial, Reason = $"with {state.Awaited()}", Source = visit.Source };
    }

    /// <param name="state">After <see cref="BeginAttempt"/>: its number is the newest.</param>
    private DelegationJob JobOf(MailState state, DelegationState visit, SmtpServiceSettings service, DelegationTicket ticket) => new()
    {
        MailId = Id,
        Attempt = state.DelegationAttempts,
        Ticket = ticket.Text,
        Service = service,
        Stage = visit.Stage,
        Directive = visit.Directive,
        Envelope = state.ToSend().Envelope,
        Content = state.Content!,
        Suspicion = visit.Suspicion,
        HeaderChanges = state.ToSend().HeaderChanges,
    };

    /// <summary>One commit spends the tickets, takes what came and sets the wake-up; rules run in a later turn.</summary>
    private Task Resume(DelegationState visit, DelegationReturn returned)
    {
        var kept = visit.KeepsOriginal ? "; the original is kept" : "";
        var state = Tell(State, "returned",
            $"by {visit.Service} from {returned.Peer}, {returned.Content.Id.Length} octets, sha256 {returned.Content.Id.Sha256}{kept}", Named(visit), visit.Source);
        if (EnvelopeDifference(returned) is { } difference) state = Tell(state, "envelope kept", difference);
        state = state.Decide(visit, DelegationOutcome.Returned, time.GetUtcNow(), options.MaxSpentTickets) with
        {
            NewContents = returned.Content.Inline.IsDefault ? [] : [returned.Content],
            Reason = null,
        };
        return CommitVisits(visit.KeepsOriginal ? WithReturn(state, visit, returned) : state with
        {
            Content = returned.Content.Id,
            HeaderChanges = [],                                // the service got them with the mail
        });
    }

    private async Task AwaitReturn(DelegationState visit, string reply)
    {
        var now = time.GetUtcNow();
        var deadline = now + (await FindService(visit.Service) ?? Undeclared).ReturnDeadline;
        var state = Tell(State, "sent", $"{visit.Service} answered {reply}; it has until {deadline:HH:mm:ss} to bring it back",
            Named(visit), visit.Source);
        visit = visit with { Step = DelegationStep.AwaitingReturn, AnsweredAt = now, ReturnDeadline = deadline, DueAt = deadline };
        await CommitVisits(state.With(visit));
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
            await CommitVisits(WaitForTurn(Tell(State, "retry", $"{visit.Service} {why}; again when it is well", Named(visit), visit.Source), visit, turn, retry));
            return;
        }

        var next = now + pause;
        var state = Tell(State, "retry", $"{visit.Service} {why}; again at {next:HH:mm:ss}", Named(visit), visit.Source);
        visit = visit with { Step = DelegationStep.Retrying, DueAt = next };
        await CommitVisits(state.With(visit) with { Reason = $"{visit.Service} {why}" });
    }

    /// <summary>Asleep until the sender calls; should no call come, it asks again. Only for a service that is down its patience ends.</summary>
    private MailState WaitForTurn(MailState state, DelegationState visit, TurnAnswer turn, DelegationRetry retry)
    {
        var now = time.GetUtcNow();
        var due = now + turn.Pause;
        if (turn.IsServiceDown)
        {
            var patience = visit.FirstTriedAt + retry.GiveUp;
            if (now >= patience)
                return Decided(state, visit, DelegationOutcome.Failed, $"{turn.Why}; tried for {retry.GiveUp}");
            if (due > patience) due = patience;
            if (visit.Step is not DelegationStep.Waiting) state = Tell(state, "waiting", turn.Why, Named(visit), visit.Source);
        }

        visit = visit with { Step = DelegationStep.Waiting, LastResult = turn.Why, DueAt = due };
        return state.With(visit) with { Reason = turn.Why, Source = visit.Source };
    }

    /// <summary>An outcome that is no return: what the directive makes of it is the next turn's work.</summary>
    private Task EndVisit(MailState state, DelegationState visit, DelegationOutcome outcome, string why) =>
        CommitVisits(Decided(state, visit, outcome, why));

    private MailState Decided(MailState state, DelegationState visit, DelegationOutcome outcome, string why) =>
        Tell(state, outcome.ToString().ToLowerInvariant(), $"{visit.Service}: {why}", Named(visit), visit.Source)
            .Decide(visit with { LastResult = why }, outcome, time.GetUtcNow(), options.MaxSpentTickets);

    /// <summary>A mail with visits: asleep until one of them is due, or at work where a handler is to run.</summary>
    private async Task CommitVisits(MailState state)
    {
        await Commit(state.SleepAtServices(time.GetUtcNow(), options.WorkLease));
        if (AreRulesDue) GoOn();
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
        var envelope = State.ToSend().Envelope;
        var sent = envelope.Recipients.Select(recipient => recipient.Address).Order(StringComparer.Ordinal);
        var senderDiffers = !string.Equals(returned.Sender, envelope.Sender, StringComparison.Ordinal);
        var recipientsDiffer = !sent.SequenceEqual(returned.Recipients.Order(StringComparer.Ordinal), StringComparer.Ordinal);
        return senderDiffers || recipientsDiffer
            ? $"the service gave <{returned.Sender}> to {string.Join(", ", returned.Recipients)}; the mail's own sender and recipients stay"
            : null;
    }

    private static string LeftWithout(DelegationState visit) => $"answered {visit.LastResult} and left without it";

    private static string Named(DelegationState visit) => $"{visit.Stage} \"{visit.Directive}\"";
}
