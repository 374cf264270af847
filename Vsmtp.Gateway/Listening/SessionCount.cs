namespace Vsmtp.Gateway.Listening;

/// <summary>How many sessions run, and may.</summary>
/// <param name="most">Null: no bound.</param>
internal sealed class SessionCount(int? most)
{
    private int _now;

    /// <summary>A place to be given back by disposing it; null when all are taken.</summary>
    public IDisposable? TryEnter()
    {
        if (Interlocked.Increment(ref _now) <= (most ?? int.MaxValue)) return new Place(this);
        Interlocked.Decrement(ref _now);
        return null;
    }

    private sealed class Place(SessionCount count) : IDisposable
    {
        private SessionCount? _count = count;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _count, null) is { } held) Interlocked.Decrement(ref held._now);
        }
    }
}
