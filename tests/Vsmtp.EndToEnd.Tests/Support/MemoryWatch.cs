using System.Globalization;

namespace Vsmtp.EndToEnd.Tests.Support;

/// <summary>Watches how much memory of its own a process has, until it is disposed.</summary>
internal sealed class MemoryWatch : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _watching;

    public MemoryWatch(int processId)
    {
        Before = BytesOf(processId);
        Peak = Before;
        _watching = WatchAsync(processId);
    }

    /// <summary>Proportional set size in bytes when the watch began.</summary>
    public long Before { get; }

    /// <summary>The largest since then.</summary>
    public long Peak { get; private set; }

    /// <summary>How often it has looked.</summary>
    public int Looks { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _watching;
        _stopping.Dispose();
    }

    private async Task WatchAsync(int processId)
    {
        while (!_stopping.IsCancellationRequested)
        {
            Peak = Math.Max(Peak, BytesOf(processId));
            Looks++;
            await Task.Delay(Look, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static long BytesOf(int processId)
    {
        var line = File.ReadLines($"/proc/{processId}/smaps_rollup").First(line => line.StartsWith("Pss:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }
}
