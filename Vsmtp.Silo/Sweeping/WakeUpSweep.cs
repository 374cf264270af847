using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Vsmtp.Contracts.Queues;
using Vsmtp.Contracts.Stores;
using Vsmtp.Grains.WakeUps;

namespace Vsmtp.Silo.Sweeping;

/// <summary>Wakes the mails that are due. The start after a crash, a dead silo, a lost job and an expired deadline are the same case to it (design rule 8).</summary>
internal sealed partial class WakeUpSweep(
    IWakeUps wakeUps, MailWaker waker, IGrainFactory grains, IStoreHealth store, SweepOptions options, TimeProvider time,
    ILogger<WakeUpSweep> logger)
    : BackgroundService
{
    private long? _recoveredAt;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await SetWatchAsync(stoppingToken).ConfigureAwait(false);
            while (true)
            {
                await store.WhenBackAsync(stoppingToken).ConfigureAwait(false);
                var woken = await SweepAsync(stoppingToken).ConfigureAwait(false);
                var pause = woken < options.BatchSize ? options.Pause : options.BatchPause;
                await Task.Delay(pause, time, stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops; what is due then is due at the next start.
        }

        await waker.DrainAsync().ConfigureAwait(false);
    }

    /// <summary>The safety net under this sweep; a cluster without it still sweeps.</summary>
    private async Task SetWatchAsync(CancellationToken cancellationToken)
    {
        try
        {
            await grains.GetGrain<IWakeUpWatch>(IWakeUpWatch.Key).Watch().WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            LogNoWatch(fault);
        }
    }

    private async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_recoveredAt is not { } at || time.GetElapsedTime(at) >= options.RecoveryPause) await RecoverAsync(cancellationToken).ConfigureAwait(false);
            return await waker.WakeAsync(options.BatchSize, options.Lease, cancellationToken).ConfigureAwait(false);
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

    [LoggerMessage(EventId = SiloEvents.Recovered, Level = LogLevel.Information, Message = "{Count} mails that an ended process was busy with go on")]
    private partial void LogRecovered(int count);

    [LoggerMessage(EventId = SiloEvents.NoWatch, Level = LogLevel.Warning, Message = "The watch over overdue mails could not be set; the sweep goes on without")]
    private partial void LogNoWatch(Exception fault);

    [LoggerMessage(EventId = SiloEvents.SweepFailed, Level = LogLevel.Error, Message = "The sweep failed and goes on")]
    private partial void LogFailed(Exception fault);
}
