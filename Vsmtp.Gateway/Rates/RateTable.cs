using System.Net;

namespace Vsmtp.Gateway.Rates;

/// <summary>How much of one thing comes from each place, held to one rate. Thread-safe.</summary>
/// <remarks>
/// <paramref name="count"/> may come at once, and in the long run so many in <paramref name="per"/>: of each place is kept until when what came of it
/// takes up its share (the generic cell rate algorithm, ITU-T I.371). A place of which that time is over is as good as forgotten; of too many the one that
/// came longest ago goes.
/// </remarks>
internal sealed class RateTable(int count, TimeSpan per, TimeProvider time, int most = 50_000)
{
    private readonly TimeSpan _share = per / count;
    private readonly long _began = time.GetTimestamp();
    private readonly Lock _gate = new();

    /// <summary>Until when each place has taken up its share.</summary>
    private readonly PlaceTable<TimeSpan> _uses = new(most);

    internal int Places
    {
        get
        {
            lock (_gate) return _uses.Count;
        }
    }

    /// <returns>Whether one more may come from there now; it is then counted.</returns>
    public bool TryTake(IPAddress place)
    {
        lock (_gate)
        {
            var now = time.GetElapsedTime(_began);
            _uses.ForgetOldest(until => until <= now);
            var until = _uses.TryGet(place, out var known) && known > now ? known : now;
            if (until - now > per - _share) return false;
            _uses.Put(place, until + _share);
            return true;
        }
    }
}
