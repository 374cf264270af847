using System.Collections;
using System.Runtime.InteropServices;

namespace Vsmtp.Vsl;

/// <summary>The elements of an array value. Read-only for the host; scripts change only arrays that nobody else holds.</summary>
public sealed class VslArray : ValueContent, IReadOnlyList<Value>
{
    private readonly List<Value> _items;

    public VslArray(IEnumerable<Value> items)
        : this((List<Value>)[.. items])
    {
    }

    internal VslArray(List<Value> items)
        : base(ValueKind.Array) => _items = items;

    public int Count => _items.Count;

    public Value this[int index] => _items[index].Share();

    /// <summary>Set once another holder may exist; from then on a change needs a copy.</summary>
    internal bool IsShared { get; set; }

    /// <summary>The elements for change in place; only for an array that is not shared.</summary>
    internal List<Value> Items => _items;

    internal ReadOnlySpan<Value> Span => CollectionsMarshal.AsSpan(_items);

    public IEnumerator<Value> GetEnumerator()
    {
        for (var i = 0; i < _items.Count; i++) yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal ref Value At(int index) => ref CollectionsMarshal.AsSpan(_items)[index];

    internal VslArray Copy()
    {
        foreach (ref readonly var item in Span) item.Share();
        return new VslArray(new List<Value>(_items));
    }
}
