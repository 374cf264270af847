using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Vsmtp.Embedded.Activations;
using Vsmtp.Embedded.Classes;
using Vsmtp.Embedded.Messages;
using Vsmtp.Embedded.Reminders;

namespace Vsmtp.Embedded.Hosting;

/// <summary>Runs grains in this process, which it proves to be the only one.</summary>
internal sealed partial class EmbeddedGrainHost(
    EmbeddedHostOptions options, GrainClasses classes, ActivationCatalog catalog, ReminderClock reminders, IServiceProvider services,
    ILogger<EmbeddedGrainHost> logger) : IHostedService, IDisposable
{
    private ProcessLock? _lock;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (MessageContract.CheckTypes(classes.All.Select(known => known.Implementation)) is { IsEmpty: false } faults)
            throw new InvalidOperationException($"The grains cannot run:{Environment.NewLine}{string.Join(Environment.NewLine, faults)}");
        foreach (var state in classes.All.SelectMany(known => known.States)) state.StorageIn(services);
        if (options.LockFile is { } path) _lock = ProcessLock.Acquire(path);
        catalog.Open();
        await reminders.StartAsync(cancellationToken).ConfigureAwait(false);
        LogHostStarted(classes.All.Length);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await reminders.StopAsync().ConfigureAwait(false);
        if (await catalog.DrainAsync(cancellationToken).ConfigureAwait(false))
        {
            LogHostDrained();
            Dispose();
        }
        else
        {
            // Grain code may still run, so the lock is kept until the process ends.
            LogDrainCutShort(catalog.Count);
        }
    }

    public void Dispose() => _lock?.Dispose();

    [LoggerMessage(EventId = EmbeddedEvents.HostStarted, Level = LogLevel.Debug, Message = "{Count} grain classes run in this process")]
    private partial void LogHostStarted(int count);

    [LoggerMessage(EventId = EmbeddedEvents.HostDrained, Level = LogLevel.Debug, Message = "All grains are deactivated")]
    private partial void LogHostDrained();

    [LoggerMessage(EventId = EmbeddedEvents.DrainCutShort, Level = LogLevel.Warning,
        Message = "The host stopped before {Count} grains were done; what they had written is safe")]
    private partial void LogDrainCutShort(int count);
}
