using Vsmtp.EndToEnd.Tests.Support;
using Vsmtp.Faults.Ledgers;
using Vsmtp.Faults.Sites;

namespace Vsmtp.Faults.Running;

/// <summary>Starts processes that have ended by themselves, as systemd does with <c>Restart=on-failure</c>.</summary>
internal sealed class Keeper(FaultSite site, Ledger ledger) : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<ServerProcess, SemaphoreSlim> _gates = site.Servers.ToDictionary(server => server, _ => new SemaphoreSlim(1));
    private readonly CancellationTokenSource _ending = new();
    private Task _keeping = Task.CompletedTask;

    /// <summary>Starts them all, and keeps them from then on.</summary>
    public async Task StartAsync()
    {
        await Task.WhenAll(site.Servers.Select(server => server.StartAsync()));
        _keeping = Task.WhenAll(site.Servers.Select(KeepAsync));
    }

    /// <summary>Lets somebody else kill and start a server, until the disposal.</summary>
    public async Task<IDisposable> HoldAsync(ServerProcess server)
    {
        await _gates[server].WaitAsync();
        return new Hold(_gates[server]);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_ending.IsCancellationRequested) await _ending.CancelAsync();
        await _keeping;
    }

    private async Task KeepAsync(ServerProcess server)
    {
        while (!_ending.IsCancellationRequested)
        {
            using (await HoldAsync(server)) await StartAgainAsync(server);
            await Task.Delay(Look, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task StartAgainAsync(ServerProcess server)
    {
        if (server.IsRunning) return;
        try
        {
            await server.StartAsync();
            ledger.Restarted();
        }
        catch (InvalidOperationException)
        {
            // It cannot start yet.
        }
    }

    private sealed class Hold(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
