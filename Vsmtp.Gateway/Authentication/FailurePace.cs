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
    private readonly Dictionary<IPAddress, LinkedListNode<Failures>> _failures = [];

    /// <summary>The one that has been quiet for longest first.</summary>
    private readonly LinkedList<Failures> _byAge = new();

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
            while (_byAge.First is { } oldest && time.GetElapsedTime(oldest.Value.LastAt, now) >= Memory) Forget(oldest);
            var count = 1;
            if (_failures.TryGetValue(key, out var known))
            {
                count = known.Value.Count + 1;
                Forget(known);
            }

            if (_failures.Count >= most) Forget(_byAge.First!);
            _failures[key] = _byAge.AddLast(new Failures(key, count, now));
            return PauseAfter(count);
        }
    }

    private static TimeSpan PauseAfter(int count) => count > 6 ? Longest : TimeSpan.FromTicks(Math.Min(Longest.Ticks, First.Ticks << (count - 1)));

    private void Forget(LinkedListNode<Failures> node)
    {
        _byAge.Remove(node);
        _failures.Remove(node.Value.Client);
    }

    private readonly record struct Failures(IPAddress Client, int Count, long LastAt);
}
