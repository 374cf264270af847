namespace Vsmtp.Delivery.TlsPolicies;

/// <summary>Domains that this process knows; at most <paramref name="capacity"/>, and who was not asked for longest goes first.</summary>
/// <remarks>Thread-safe. Nothing is lost with one that goes: what is durable is looked up again.</remarks>
internal sealed class StsDomains(int capacity)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<(string Name, StsDomain Domain)>> _byName = [];
    private readonly LinkedList<(string Name, StsDomain Domain)> _latestFirst = new();

    public int Count
    {
        get
        {
            lock (_gate) return _byName.Count;
        }
    }

    /// <param name="name">A-labels in lower case.</param>
    public StsDomain Of(string name)
    {
        lock (_gate)
        {
            if (_byName.TryGetValue(name, out var node))
            {
                _latestFirst.Remove(node);
                _latestFirst.AddFirst(node);
                return node.Value.Domain;
            }

            if (_byName.Count >= capacity)
            {
                _byName.Remove(_latestFirst.Last!.Value.Name);
                _latestFirst.RemoveLast();
            }

            node = _byName[name] = _latestFirst.AddFirst((name, new StsDomain()));
            return node.Value.Domain;
        }
    }
}
