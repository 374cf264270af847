namespace Vsmtp.Delivery.Work;

/// <summary>The way to one destination.</summary>
/// <param name="turns">How many mails may go at once; the lane's own.</param>
internal abstract class Lane(ITurns turns) : IAsyncDisposable
{
    /// <summary>There are connections that wait for a mail, or something was learnt: it stays though nobody uses it.</summary>
    public virtual bool IsKept => turns.IsKept;

    /// <summary>Jobs that wait or run here; kept by the <see cref="LaneSet{TKey, TLane}"/>.</summary>
    internal int Users { get; set; }

    /// <summary>Waits for a turn; disposing what it gives ends the turn.</summary>
    public Task<IDisposable> EnterAsync(CancellationToken cancellationToken) => turns.EnterAsync(cancellationToken);

    public virtual ValueTask DisposeAsync()
    {
        turns.Dispose();
        return ValueTask.CompletedTask;
    }
}
