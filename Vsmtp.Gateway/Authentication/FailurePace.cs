using System.Net;
using Vsmtp.Gateway.Rates;

namespace Vsmtp.Gateway.Authentication;

/// <summary>Makes those wait who fail to authenticate again and again: each failure of an address for longer than the last. Thread-safe.</summary>
/// <remarks>
/// It keeps an IPv4 address, or the /64 of an IPv6 address, which one client has for itself, until nothing has come of it for a while.
/// </remarks>
/// <param name="most">Addresses kept at once; the one that has been quiet for longest makes room.</param>
internal sealed class FailurePace(TimeProvider time, int most = 10_000)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    /// <summary>After which a failure is forgotten.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(15);

    private readonly Lock _changing = new();
    private readonly PlaceTable<Failures> _failures = new(most);

    internal int Count
    {
        get
        {
            lock (_changing) return _failures.Count;
        }
    }

    /// <summary>A client has failed.</summary>
    /// <returns>For how long it is to wait for its answer.</returns>
    public TimeSpan Fail(IPAddress client)
    {
        var key = ClientPlace.Of(client);
        var now = time.GetTimestamp();
        lock (_changing)
        {
            _failures.ForgetOldest(failures => time.GetElapsedTime(failures.LastAt, now) >= Memory);
            var count = _failures.TryGet(key, out var known) ? known.Count + 1 : 1;
            _failures.Put(key, new Failures(count, now));
            return PauseAfter(count);
        }
    }

    private static TimeSpan PauseAfter(int count) => count > 6 ? Longest : TimeSpan.FromTicks(Math.Min(Longest.Ticks, First.Ticks << (count - 1)));

    private readonly record struct Failures(int Count, long LastAt);
}
