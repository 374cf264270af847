using Microsoft.Extensions.Logging;
using Vsmtp.Contracts.Mail;
using Vsmtp.Contracts.Queues;
using Vsmtp.Delivery;
using Vsmtp.Delivery.Delegation;
using Vsmtp.Grains.Mail;

namespace Vsmtp.Grains.WakeUps;

/// <summary>Wakes the mails that are due, but for those that this process is at work on.</summary>
/// <remarks>
/// Many at once, so that their writes share commits; so many at most, so that neither memory nor the wait of new mails grows with a
/// flood of due ones. One that takes long, as rules may, holds up none but itself; when the rules of hundreds do, no more are woken.
/// </remarks>
public sealed partial class MailWaker(
    IWakeUps wakeUps, IGrainFactory grains, DelegationSender delegations, DeliveryWorker deliveries, MailLoad load, ILogger<MailWaker> logger)
    : IDisposable
{
    /// <summary>Mails that are being woken at once.</summary>
    public const int Width = 64;

    private readonly SemaphoreSlim _room = new(Width);

    /// <summary>Takes mails that are due and begins to wake them; complete when the last one has begun.</summary>
    /// <param name="limit">Mails at most.</param>
    /// <param name="lease">After this a mail that was woken and did nothing is due again.</param>
    /// <param name="cancellationToken">Ends it between two mails.</param>
    /// <returns>How many were due.</returns>
    public async Task<int> WakeAsync(int limit, TimeSpan lease, CancellationToken cancellationToken)
    {
        var due = await wakeUps.ClaimDueAsync(limit, lease, cancellationToken);
        foreach (var mail in due)
        {
            // The store gives out no mail that another living process works on; this one's own jobs are known here alone.
            if (mail.BusyBy is not null && (deliveries.IsInFlight(mail.MailId) || delegations.IsInFlight(mail.MailId))) continue;
            await load.WhenNotBusyAsync(cancellationToken);
            await _room.WaitAsync(cancellationToken);
            _ = WakeAsync(mail);                               // DrainAsync sees its end
        }

        return due.Length;
    }

    /// <summary>Waits until all that were begun have ended.</summary>
    public async Task DrainAsync()
    {
        for (var i = 0; i < Width; i++) await _room.WaitAsync();
        _room.Release(Width);
    }

    public void Dispose() => _room.Dispose();

    private async Task WakeAsync(DueMail mail)
    {
        try
        {
            await grains.GetGrain<IMailGrain>(mail.MailId).Advance(mail.Version);
        }
        catch (Exception fault)
        {
            LogNotWoken(fault, mail.MailId);                   // due again when the lease is over
        }
        finally
        {
            _room.Release();
        }
    }

    [LoggerMessage(EventId = GrainEvents.NotWoken, Level = LogLevel.Warning, Message = "{Mail}: it was due and could not go on; it is woken again")]
    private partial void LogNotWoken(Exception fault, string mail);
}
