using System.Collections.Immutable;
using Vsmtp.Contracts.Mail;
using Vsmtp.Delivery.Work;
using Vsmtp.Smtp.Client;

namespace Vsmtp.Delivery.Remote;

/// <summary>The way to a server that was named: the relay host, or the target of a forward.</summary>
internal sealed class RelayLane(SmtpDestination destination, SmtpConnectionPool pool, RemoteDelivery remote, ITurns turns) : RemoteLane(turns)
{
    public override bool IsKept => pool.IdleCount > 0 || base.IsKept;

    public override async Task<ImmutableArray<RecipientReport>> DeliverAsync(
        DeliveryJob job, ImmutableArray<MailRecipient> recipients, CancellationToken cancellationToken) =>
        (await remote.DeliverAsync(job, recipients, destination, pool, cancellationToken).ConfigureAwait(false)).Reports;

    public override async ValueTask DisposeAsync()
    {
        await pool.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }
}
