using System.Collections.Immutable;
using Vsmtp.Contracts.Mail;
using Vsmtp.Delivery.Work;

namespace Vsmtp.Delivery.Remote;

/// <summary>The way to one remote destination, however many servers that may be.</summary>
internal abstract class RemoteLane(ITurns turns) : Lane(turns)
{
    /// <summary>Delivers to some recipients of a mail; the caller has entered the lane.</summary>
    /// <returns>One report for each of <paramref name="recipients"/>, in their order.</returns>
    /// <exception cref="OperationCanceledException">Cancelled; how far it came is not known.</exception>
    public abstract Task<ImmutableArray<RecipientReport>> DeliverAsync(
        DeliveryJob job, ImmutableArray<MailRecipient> recipients, CancellationToken cancellationToken);
}
