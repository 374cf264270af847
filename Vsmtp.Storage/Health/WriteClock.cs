namespace Vsmtp.Storage.Health;

/// <summary>How long a writer has been at its present batch: one that does not come back is a store that hangs.</summary>
internal sealed class WriteClock(TimeProvider time)
{
    private long _since;

    /// <summary>Nought between batches.</summary>
    public TimeSpan Running => Interlocked.Read(ref _since) is var since and not 0 ? time.GetElapsedTime(since) : TimeSpan.Zero;

    public void Begin() => Interlocked.Exchange(ref _since, Math.Max(1, time.GetTimestamp()));

    public void End() => Interlocked.Exchange(ref _since, 0);
}
