using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Vsmtp.Storage;

namespace Vsmtp.Silo.Sweeping;

/// <summary>
/// Takes the store from silos that the cluster has declared dead and whose sessions live on, as those of a process that hangs do: its
/// mails would wait for it for ever (design rule 7). With Orleans only: the embedded host has no others.
/// </summary>
internal sealed partial class DeadSiloFence(
    IClusterMembershipService membership, IIncarnations incarnations, StoreIncarnation own, TimeProvider time, ILogger<DeadSiloFence> logger)
    : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>A silo that stops in order is dead to the cluster before it has written its last; longer than that takes.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(20);

    /// <summary>When each was first seen dead; null: it has been seen to.</summary>
    private readonly Dictionary<string, long?> _dead = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false)) await LookAsync(stoppingToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        foreach (var silo in membership.CurrentSnapshot.Members.Values.Where(member => member.Status is SiloStatus.Dead && member.Name != own.Name))
        {
            if (_dead.TryAdd(silo.Name, time.GetTimestamp()) || _dead[silo.Name] is not { } since || time.GetElapsedTime(since) < Grace) continue;
            try
            {
                var sessions = await incarnations.EndAsync(silo.Name, cancellationToken).ConfigureAwait(false);
                if (sessions > 0) LogFenced(silo.Name, sessions);
                _dead[silo.Name] = null;
            }
            catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
            {
                LogFailed(fault, silo.Name);                   // tried at the next look
            }
        }
    }

    [LoggerMessage(EventId = SiloEvents.SiloFenced, Level = LogLevel.Warning,
        Message = "{Silo} is dead to the cluster and still held the store: {Sessions} sessions of it were ended, and its mails go on")]
    private partial void LogFenced(string silo, int sessions);

    [LoggerMessage(EventId = SiloEvents.FenceFailed, Level = LogLevel.Error, Message = "The store could not be taken from {Silo}, which is dead to the cluster")]
    private partial void LogFailed(Exception fault, string silo);
}
