using Vsmtp.Smtp.Client;

namespace Vsmtp.Delivery.Work;

/// <summary>The way to one destination: its connections, and how many mails may go at once. Those that wait go in turn.</summary>
internal sealed class Lane(SmtpConnectionPool pool, int width) : IAsyncDisposable
{
    private readonly SemaphoreSlim _slots = new(width, width);

    public SmtpConnectionPool Pool { get; } = pool;

    /// <summary>Jobs that wait or run here; kept by the <see cref="LaneSet{TKey}"/>.</summary>
    internal int Users { get; set; }

    /// <summary>Waits for a turn; disposing what it gives ends the turn.</summary>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken).ConfigureAwait(false);
        return new Turn(_slots);
    }

    public async ValueTask DisposeAsync()
    {
        await Pool.DisposeAsync().ConfigureAwait(false);
        _slots.Dispose();
    }
}
