namespace Vsmtp.Delivery.Work;

/// <summary>The way to one destination: how many mails may go at once. Those that wait go in turn.</summary>
internal abstract class Lane(int width) : IAsyncDisposable
{
    private readonly SemaphoreSlim _slots = new(width, width);

    /// <summary>There are connections that wait for a mail, or something was learnt: it stays though nobody uses it.</summary>
    public abstract bool IsKept { get; }

    /// <summary>Jobs that wait or run here; kept by the <see cref="LaneSet{TKey, TLane}"/>.</summary>
    internal int Users { get; set; }

    /// <summary>Waits for a turn; disposing what it gives ends the turn.</summary>
    public virtual async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken).ConfigureAwait(false);
        return new Turn(_slots);
    }

    public virtual ValueTask DisposeAsync()
    {
        _slots.Dispose();
        return ValueTask.CompletedTask;
    }
}
