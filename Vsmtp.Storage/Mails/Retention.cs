using Vsmtp.Contracts.Mail;

namespace Vsmtp.Storage.Mails;

/// <summary>What the store itself decides about a mail.</summary>
internal static class Retention
{
    /// <summary>A dead mail that nobody wanted in time (design rule 2): its state as it ends.</summary>
    public static MailState EndDead(MailState state, TimeSpan kept, DateTimeOffset now)
    {
        var reason = $"kept in dead for {kept.TotalDays:0.##} days; {state.Reason}";
        return state with
        {
            Phase = MailPhase.Removed,
            Reason = reason,
            Since = now,
            WakeAt = null,
            IsBusy = false,
            NewEvents = [new MailEvent(now, Environment.MachineName, "removed", reason)],
        };
    }
}
