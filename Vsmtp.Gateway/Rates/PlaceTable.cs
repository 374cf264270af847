using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Vsmtp.Gateway.Rates;

/// <summary>Something that is known of each place, in the order in which it was learnt; of too many the one that is oldest goes. Not thread-safe.</summary>
/// <param name="most">Places at once.</param>
internal sealed class PlaceTable<T>(int most)
{
    private readonly Dictionary<IPAddress, LinkedListNode<Entry>> _entries = [];

    /// <summary>The oldest first.</summary>
    private readonly LinkedList<Entry> _byAge = new();

    public int Count => _entries.Count;

    public bool TryGet(IPAddress place, [MaybeNullWhen(false)] out T value)
    {
        var isKnown = _entries.TryGetValue(place, out var node);
        value = isKnown ? node!.Value.Value : default;
        return isKnown;
    }

    /// <summary>It is the newest from now on.</summary>
    public void Put(IPAddress place, T value)
    {
        if (_entries.TryGetValue(place, out var known)) Forget(known);
        else if (_entries.Count >= most) Forget(_byAge.First!);
        _entries[place] = _byAge.AddLast(new Entry(place, value));
    }

    /// <summary>Forgets the oldest as long as they are over.</summary>
    public void ForgetOldest(Func<T, bool> isOver)
    {
        while (_byAge.First is { } oldest && isOver(oldest.Value.Value)) Forget(oldest);
    }

    private void Forget(LinkedListNode<Entry> node)
    {
        _byAge.Remove(node);
        _entries.Remove(node.Value.Place);
    }

    private readonly record struct Entry(IPAddress Place, T Value);
}
