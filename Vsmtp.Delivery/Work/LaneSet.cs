namespace Vsmtp.Delivery.Work;

/// <summary>The lanes in use, and those with connections still open. Thread-safe.</summary>
internal sealed class LaneSet<TKey, TLane>(Func<TKey, TLane> make) : IAsyncDisposable
    where TKey : notnull
    where TLane : Lane
{
    private readonly Dictionary<TKey, TLane> _lanes = [];
    private readonly Lock _gate = new();
    private Task _closings = Task.CompletedTask;

    /// <summary>How many lanes there are.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _lanes.Count;
        }
    }

    /// <summary>The lane of <paramref name="key"/>, made if need be; given back with <see cref="Leave"/>.</summary>
    /// <returns>Null when so many use it already.</returns>
    public TLane? TryRent(TKey key, int maxUsers)
    {
        lock (_gate)
        {
            if (!_lanes.TryGetValue(key, out var lane))
            {
                // Destinations come from rules and mails: without this, the set would grow for ever.
                CloseUnused();
                lane = make(key);
                _lanes.Add(key, lane);
            }

            if (lane.Users >= maxUsers) return null;
            lane.Users++;
            return lane;
        }
    }

    /// <summary>The same for callers that bound its users themselves.</summary>
    public TLane Rent(TKey key) => TryRent(key, int.MaxValue)!;

    /// <summary>How many use the lane of <paramref name="key"/>.</summary>
    public int CountUsers(TKey key)
    {
        lock (_gate) return _lanes.TryGetValue(key, out var lane) ? lane.Users : 0;
    }

    public void Leave(TLane lane)
    {
        lock (_gate) lane.Users--;
    }

    public async ValueTask DisposeAsync()
    {
        Task closings;
        lock (_gate)
        {
            Close([.. _lanes.Keys]);
            closings = _closings;
        }

        await closings.ConfigureAwait(false);
    }

    private void CloseUnused() =>
        Close([.. _lanes.Where(pair => pair.Value is { Users: 0, IsKept: false }).Select(pair => pair.Key)]);

    private void Close(TKey[] keys)
    {
        if (keys.Length == 0) return;
        var closings = keys.Select(key => _lanes[key].DisposeAsync().AsTask()).ToList();
        _closings = Task.WhenAll([_closings.IsCompleted ? Task.CompletedTask : _closings, .. closings]);
        foreach (var key in keys) _lanes.Remove(key);
    }
}
