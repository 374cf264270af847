using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Vsmtp.Contracts.Content;

namespace Vsmtp.Storage.Contents;

/// <summary>
/// The small contents that were committed last, so that rules and deliveries that follow at once need not read them back. Contents never
/// change, and a key is never used twice: what is here is what the store has, or had until a moment ago.
/// </summary>
internal sealed class RecentContents
{
    /// <summary>Octets kept at most; the oldest go first.</summary>
    private const long MaxBytes = 8 * 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, ImmutableArray<byte>> _contents = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = [];
    private long _bytes;

    /// <summary>Those of a state that has just been committed.</summary>
    public void Keep(ImmutableArray<StagedContent> committed)
    {
        foreach (var content in committed)
        {
            if (!content.Inline.IsDefault) Keep(content.Id.Key, content.Inline);
        }
    }

    /// <summary>Null: to be read from the store.</summary>
    public Stream? Open(ContentId id)
    {
        lock (_gate)
        {
            return _contents.TryGetValue(id.Key, out var bytes) && bytes.Length == id.Length
                ? new MemoryStream(ImmutableCollectionsMarshal.AsArray(bytes)!, 0, bytes.Length, writable: false, publiclyVisible: true)
                : null;
        }
    }

    /// <summary>The mail that had them has ended.</summary>
    public void Forget(IEnumerable<ContentId> contents)
    {
        lock (_gate)
        {
            // What stands for them in the order is passed over when its turn comes.
            foreach (var id in contents)
            {
                if (_contents.Remove(id.Key, out var bytes)) _bytes -= bytes.Length;
            }
        }
    }

    private void Keep(string key, ImmutableArray<byte> bytes)
    {
        lock (_gate)
        {
            if (!_contents.TryAdd(key, bytes)) return;
            _order.Enqueue(key);
            _bytes += bytes.Length;
            while (_bytes > MaxBytes || _order.Count > MaxBytes / 256) Drop(_order.Dequeue());
        }
    }

    private void Drop(string key)
    {
        if (_contents.Remove(key, out var bytes)) _bytes -= bytes.Length;
    }
}
