using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Vsmtp.Vsl.Values;

namespace Vsmtp.Vsl;

/// <summary>The entries of a map value, in the order of their keys (by code point). Read-only for the host.</summary>
public sealed class VslMap : ValueContent, IReadOnlyDictionary<string, Value>
{
    private string[] _keys;
    private Value[] _values;

    public VslMap()
        : this([], [], 0)
    {
    }

    /// <summary>Later entries win over earlier ones of the same key.</summary>
    public VslMap(IEnumerable<KeyValuePair<string, Value>> entries)
        : this()
    {
        foreach (var (key, value) in entries) Set(key, value);
    }

    private VslMap(string[] keys, Value[] values, int count)
        : base(ValueKind.Map)
    {
        _keys = keys;
        _values = values;
        Count = count;
    }

    public int Count { get; private set; }

    public IEnumerable<string> Keys => _keys.Take(Count);

    public IEnumerable<Value> Values => Enumerable.Range(0, Count).Select(i => _values[i].Share());

    public Value this[string key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException(key);

    /// <summary>Set once another holder may exist; from then on a change needs a copy.</summary>
    internal bool IsShared { get; set; }

    public bool ContainsKey(string key) => Find(key) >= 0;

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out Value value)
    {
        var at = Find(key);
        value = at >= 0 ? _values[at].Share() : default;
        return at >= 0;
    }

    public IEnumerator<KeyValuePair<string, Value>> GetEnumerator()
    {
        for (var i = 0; i < Count; i++) yield return new(_keys[i], _values[i].Share());
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal string KeyAt(int index) => _keys[index];

    internal ref Value At(int index) => ref _values[index];

    internal int Find(string key) => Array.BinarySearch(_keys, 0, Count, key, CodePointComparer.Instance);

    internal void Set(string key, in Value value) => Slot(key) = value;

    /// <summary>The place of a key, made (as unit) when it is missing. Valid until the next change of the map.</summary>
    internal ref Value Slot(string key)
    {
        var at = Find(key);
        if (at >= 0) return ref _values[at];
        at = ~at;
        if (Count == _keys.Length)
        {
            Array.Resize(ref _keys, Math.Max(4, Count * 2));
            Array.Resize(ref _values, _keys.Length);
        }

        Array.Copy(_keys, at, _keys, at + 1, Count - at);
        Array.Copy(_values, at, _values, at + 1, Count - at);
        Count++;
        _keys[at] = key;
        _values[at] = default;
        return ref _values[at];
    }

    internal bool Remove(string key, out Value removed)
    {
        var at = Find(key);
        removed = at >= 0 ? _values[at] : default;
        if (at < 0) return false;
        Count--;
        Array.Copy(_keys, at + 1, _keys, at, Count - at);
        Array.Copy(_values, at + 1, _values, at, Count - at);
        _values[Count] = default;
        return true;
    }

    internal void Clear()
    {
        _keys = [];
        _values = [];
        Count = 0;
    }

    internal VslMap Copy()
    {
        for (var i = 0; i < Count; i++) _values[i].Share();
        return new VslMap(_keys[..Count], _values[..Count], Count);
    }
}
