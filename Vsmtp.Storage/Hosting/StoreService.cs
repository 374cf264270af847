using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Vsmtp.Storage.Hosting;

/// <summary>The life of the store in a program: open first, closed last, collected in between.</summary>
internal sealed partial class StoreService(IServiceProvider services, StoreOptions options, TimeProvider time, ILogger<StoreService> log)
    : IHostedLifecycleService, IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private IMailStore? _store;
    private Task _collecting = Task.CompletedTask;

    /// <exception cref="StoreUnusableException">The store cannot be opened: the program does not start.</exception>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        _store = services.GetRequiredService<IMailStore>();
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _collecting = CollectAsync(_store!, _stopping.Token);
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _collecting.ConfigureAwait(false);
    }

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        if (_store is not null) await _store.DisposeAsync().ConfigureAwait(false);
    }

    public ValueTask DisposeAsync()
    {
        _stopping.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task CollectAsync(IMailStore store, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(options.CollectorPeriod, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
            {
                await CollectOnceAsync(store, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The program stops.
        }
    }

    private async Task CollectOnceAsync(IMailStore store, CancellationToken cancellationToken)
    {
        try
        {
            await store.CollectAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            LogCollectorFailed(fault);
        }
    }

    [LoggerMessage(EventId = StoreEvents.CollectorFailed, Level = LogLevel.Error,
        Message = "The store could not be collected; tried again at the next round")]
    private partial void LogCollectorFailed(Exception fault);
}
