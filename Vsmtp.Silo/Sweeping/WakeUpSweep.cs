using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Vsmtp.Contracts.Mail;
using Vsmtp.Contracts.Queues;
using Vsmtp.Delivery;
using Vsmtp.Delivery.Delegation;

namespace Vsmtp.Silo.Sweeping;

/// <summary>Wakes the mails that are due. The start after a crash, a dead silo, a lost job and an expired deadline are the same case to it (design rule 8).</summary>
internal sealed partial class WakeUpSweep(
    IWakeUps wakeUps, IGrainFactory grains, DelegationSender delegations, DeliveryWorker deliveries, SweepOptions options, TimeProvider time,
    ILogger<WakeUpSweep> logger) : BackgroundService
{
    private long? _recoveredAt;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                var woken = await SweepAsync(stoppingToken).ConfigureAwait(false);
                var pause = woken < options.BatchSize ? options.Pause : options.BatchPause;
                await Task.Delay(pause, time, stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops; what is due then is due at the next start.
        }
    }

    private async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_recoveredAt is not { } at || time.GetElapsedTime(at) >= options.RecoveryPause) await RecoverAsync(cancellationToken).ConfigureAwait(false);
            return await WakeAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(fault);                                  // the store is in trouble; the next look may find it well again
            return 0;
        }
    }

    /// <summary>What an ended process was busy with need not wait for its lease.</summary>
    private async Task RecoverAsync(CancellationToken cancellationToken)
    {
        var count = await wakeUps.RecoverAsync(cancellationToken).ConfigureAwait(false);
        _recoveredAt = time.GetTimestamp();
        if (count > 0) LogRecovered(count);
    }

    private async Task<int> WakeAsync(CancellationToken cancellationToken)
    {
        var due = await wakeUps.ClaimDueAsync(options.BatchSize, options.Lease, cancellationToken).ConfigureAwait(false);
        foreach (var mail in due)
        {
            // The store gives out no mail that another living process works on; this one's own jobs are known here alone.
            if (mail.BusyBy is not null && (deliveries.IsInFlight(mail.MailId) || delegations.IsInFlight(mail.MailId))) continue;
            await grains.GetGrain<IMailGrain>(mail.MailId).Advance(mail.Version).ConfigureAwait(false);
        }

        return due.Length;
    }

    [LoggerMessage(EventId = SiloEvents.Recovered, Level = LogLevel.Information, Message = "{Count} mails that an ended process was busy with go on")]
    private partial void LogRecovered(int count);

    [LoggerMessage(EventId = SiloEvents.SweepFailed, Level = LogLevel.Error, Message = "The sweep failed and goes on")]
    private partial void LogFailed(Exception fault);
}
