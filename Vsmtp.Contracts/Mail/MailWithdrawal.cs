namespace Vsmtp.Contracts.Mail;

/// <summary>The end of a mail that was offered and never accepted, whoever writes it.</summary>
public static class MailWithdrawal
{
    /// <summary>
    /// The state as it is withdrawn: its bytes go with the commit, and what a service brings back of it later is taken and discarded
    /// (design rule 5).
    /// </summary>
    /// <param name="happened">Why, for the history.</param>
    /// <param name="verdict">With what its client is told; null where the client is told to come again, or is gone.</param>
    public static MailState Withdraw(this MailState state, MailEvent happened, MailOffer? verdict = null) => state with
    {
        Phase = MailPhase.Withdrawn,
        Reason = happened.Why,
        Source = happened.Source,
        Since = happened.At,
        WakeAt = null,
        IsBusy = false,
        Visits = [],
        SpentTicketHashes = state.SpentTicketHashes.AddRange(state.Visits.SelectMany(visit => visit.TicketHashes)),
        Offer = verdict,
        NewContents = [],
        NewEvents = state.NewEvents.Add(happened),
    };
}
