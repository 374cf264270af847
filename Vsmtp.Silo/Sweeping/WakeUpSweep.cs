using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Vsmtp.Contracts.Mail;
using Vsmtp.Contracts.Queues;

namespace Vsmtp.Silo.Sweeping;

/// <summary>Wakes the mails that are due. The start after a crash, a lost job and an expired deadline are the same case to it (design rule 8).</summary>
internal sealed partial class WakeUpSweep(
    IWakeUps wakeUps, IGrainFactory grains, SweepOptions options, TimeProvider time, ILogger<WakeUpSweep> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await RecoverAsync(stoppingToken).ConfigureAwait(false);
            while (true)
            {
                var woken = await WakeAsync(stoppingToken).ConfigureAwait(false);
                var pause = woken < options.BatchSize ? options.Pause : options.BatchPause;
                await Task.Delay(pause, time, stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops; what is due then is due at the next start.
        }
    }

    /// <summary>What the process before was busy with when it ended need not wait for its lease.</summary>
    private async Task RecoverAsync(CancellationToken cancellationToken)
    {
        var count = await wakeUps.RecoverAsync(cancellationToken).ConfigureAwait(false);
        if (count > 0) LogRecovered(count);
    }

    private async Task<int> WakeAsync(CancellationToken cancellationToken)
    {
        try
        {
            var due = await wakeUps.ClaimDueAsync(options.BatchSize, options.Lease, cancellationToken).ConfigureAwait(false);
            foreach (var mail in due) await grains.GetGrain<IMailGrain>(mail.MailId).Advance().ConfigureAwait(false);
            return due.Length;
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(fault);                                  // the store is in trouble; the next look may find it well again
            return 0;
        }
    }

    [LoggerMessage(EventId = SiloEvents.Recovered, Level = LogLevel.Information, Message = "{Count} mails that an ended process was busy with go on")]
    private partial void LogRecovered(int count);

    [LoggerMessage(EventId = SiloEvents.SweepFailed, Level = LogLevel.Error, Message = "The sweep failed and goes on")]
    private partial void LogFailed(Exception fault);
}
