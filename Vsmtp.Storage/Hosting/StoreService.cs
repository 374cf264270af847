using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Vsmtp.Storage.Hosting;

/// <summary>The life of the store in a program: open first, closed last, watched and collected in between.</summary>
internal sealed partial class StoreService(IServiceProvider services, StoreOptions options, TimeProvider time, ILogger<StoreService> log)
    : IHostedLifecycleService, IAsyncDisposable
{
    /// <summary>Between two looks at its health: a disk may fill fast.</summary>
    private static readonly TimeSpan WatchPeriod = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stopping = new();
    private IMailStore? _store;
    private Task _collecting = Task.CompletedTask;
    private Task _watching = Task.CompletedTask;

    /// <exception cref="StoreUnusableException">The store cannot be opened: the program does not start.</exception>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        _store = services.GetRequiredService<IMailStore>();
        _watching = WatchAsync(_store, _stopping.Token);
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
        await _watching.ConfigureAwait(false);
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

    private async Task WatchAsync(IMailStore store, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(WatchPeriod, time);
        var hasFailed = false;
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
            {
                try
                {
                    await store.LookAfterAsync(cancellationToken).ConfigureAwait(false);
                    hasFailed = false;
                }
                catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
                {
                    if (!hasFailed) LogWatchFailed(fault);
                    hasFailed = true;
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The program stops.
        }
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
            await store.Health.WhenBackAsync(cancellationToken).ConfigureAwait(false);
            await store.CollectAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            LogCollectorFailed(fault);
        }
    }

    [LoggerMessage(EventId = StoreEvents.WatchFailed, Level = LogLevel.Error, Message = "The store could not be looked after")]
    private partial void LogWatchFailed(Exception fault);

    [LoggerMessage(EventId = StoreEvents.CollectorFailed, Level = LogLevel.Error,
        Message = "The store could not be collected; tried again at the next round")]
    private partial void LogCollectorFailed(Exception fault);
}
