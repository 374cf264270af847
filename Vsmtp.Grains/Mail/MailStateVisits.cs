using System.Collections.Immutable;
using Vsmtp.Contracts.Mail;

namespace Vsmtp.Grains.Mail;

/// <summary>What becomes of a mail's state as its visits to services go on.</summary>
internal static class MailStateVisits
{
    /// <summary>The visits that no outcome is known of: a return or a report may still decide them.</summary>
    /// <remarks>While the handler of one's outcome is to run, the mail is at work, and the others' returns are taken all the same.</remarks>
    public static IEnumerable<DelegationState> OpenVisits(this MailState state) =>
        state.Phase is MailPhase.Delegated or MailPhase.Working or MailPhase.Offered ? state.Visits.Where(IsOpen) : [];

    /// <summary>Of the visits whose handlers are to run, the one that was decided first; null: there is none.</summary>
    public static DelegationState? NextDecided(this MailState state) =>
        state.Visits.Where(visit => visit.Step is DelegationStep.Decided).MinBy(visit => visit.DecidedAt);

    /// <summary>The services that the mail is waiting for, by name.</summary>
    public static string Awaited(this MailState state) =>
        string.Join(", ", state.Visits.Where(visit => visit.Step is not DelegationStep.Handled).Select(visit => visit.Service));

    /// <summary>The mail as the visits' services get it.</summary>
    public static SentMail ToSend(this MailState state) => state.Sent ?? new SentMail(state.Envelope, state.HeaderChanges);

    /// <summary>The state with the visit in the place of the same service's, or behind the others.</summary>
    public static MailState With(this MailState state, DelegationState visit)
    {
        var visits = state.Visits;
        for (var i = 0; i < visits.Length; i++)
        {
            if (visits[i].Service == visit.Service) return state with { Visits = visits.SetItem(i, visit) };
        }

        return state with { Visits = visits.Add(visit) };
    }

    /// <summary>
    /// At work where a handler is to run; else in <c>delegated</c>, or still offered, until the first of the open visits is due; busy while
    /// one of them is being sent.
    /// </summary>
    public static MailState SleepAtServices(this MailState state, DateTimeOffset now, TimeSpan workLease)
    {
        if (state.NextDecided() is not null) return state.GoToRules(now, workLease);
        var open = state.Visits.Where(IsOpen).ToList();
        var (dueAt, isBusy) = (open.Min(visit => visit.DueAt), open.Exists(visit => visit.Step is DelegationStep.Sending));
        if (state.Offer is not { } offer) return state.MoveTo(MailPhase.Delegated, now, dueAt, isBusy);
        state = state with { Offer = offer with { AreRulesDue = false } };
        return state.MoveTo(MailPhase.Offered, now, dueAt < offer.EndsAt ? dueAt : offer.EndsAt, isBusy);
    }

    /// <summary>Its rules are to be run on in a turn of their own: in <c>working</c>, or while it is still offered.</summary>
    public static MailState GoToRules(this MailState state, DateTimeOffset now, TimeSpan lease)
    {
        if (state.Offer is { } offer) state = state with { Offer = offer with { AreRulesDue = true } };
        return state.MoveTo(state.Offer is null ? MailPhase.Working : MailPhase.Offered, now, now + lease, isBusy: true);
    }

    /// <summary>The visit is at its end: its tickets are spent, so a later return is discarded.</summary>
    /// <param name="remembered">So many spent tickets are kept, the newest.</param>
    public static MailState Decide(this MailState state, DelegationState visit, DelegationOutcome outcome, DateTimeOffset now, int remembered) =>
        state.With(visit with { Step = DelegationStep.Decided, Outcome = outcome, TicketHashes = [], DueAt = null, DecidedAt = now }) with
        {
            SpentTicketHashes = state.SpentTicketHashes.AddRange(visit.TicketHashes).Newest(remembered),
        };

    /// <summary>No visit any more, decided or not, and no ticket that is good.</summary>
    public static MailState EndVisits(this MailState state, int remembered) => state.SpendTickets(remembered) with { Visits = [], Sent = null };

    /// <summary>The visits as they are, and no ticket that is good.</summary>
    public static MailState SpendTickets(this MailState state, int remembered) => state with
    {
        Visits = [.. state.Visits.Select(visit => visit with { TicketHashes = [] })],
        SpentTicketHashes = state.SpentTicketHashes.AddRange(state.Visits.SelectMany(visit => visit.TicketHashes)).Newest(remembered),
    };

    private static bool IsOpen(DelegationState visit) => visit.Step is not (DelegationStep.Decided or DelegationStep.Handled);
}
