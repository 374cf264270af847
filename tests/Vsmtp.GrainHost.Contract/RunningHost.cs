using Microsoft.Extensions.Hosting;
using Orleans;

namespace Vsmtp.GrainHost.Contract;

/// <summary>A started host of grains, whichever it is.</summary>
public sealed class RunningHost(IHost host, IGrainFactory grains) : IAsyncDisposable
{
    public IServiceProvider Services => host.Services;

    public T Grain<T>(string key)
        where T : IGrainWithStringKey => grains.GetGrain<T>(key);

    public Task StopAsync(CancellationToken cancellationToken = default) => host.StopAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await host.StopAsync(patience.Token);
        host.Dispose();
    }
}
