using Vsmtp.Contracts.Mail;
using Vsmtp.Contracts.Queues;
using Vsmtp.Delivery;
using Vsmtp.Delivery.Delegation;

namespace Vsmtp.Grains.WakeUps;

/// <summary>Wakes the mails that are due, but for those that this process is at work on.</summary>
public sealed class MailWaker(IWakeUps wakeUps, IGrainFactory grains, DelegationSender delegations, DeliveryWorker deliveries)
{
    /// <param name="limit">Mails at most.</param>
    /// <param name="lease">After this a mail that was woken and did nothing is due again.</param>
    /// <param name="cancellationToken">Ends it between two mails.</param>
    /// <returns>How many were due.</returns>
    public async Task<int> WakeAsync(int limit, TimeSpan lease, CancellationToken cancellationToken)
    {
        var due = await wakeUps.ClaimDueAsync(limit, lease, cancellationToken);
        foreach (var mail in due)
        {
            cancellationToken.ThrowIfCancellationRequested();
            // The store gives out no mail that another living process works on; this one's own jobs are known here alone.
            if (mail.BusyBy is not null && (deliveries.IsInFlight(mail.MailId) || delegations.IsInFlight(mail.MailId))) continue;
            await grains.GetGrain<IMailGrain>(mail.MailId).Advance(mail.Version);
        }

        return due.Length;
    }
}
