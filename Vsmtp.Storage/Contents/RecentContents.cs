using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Mail;

namespace Vsmtp.Storage.Contents;

/// <summary>
/// The small contents that were committed last, so that rules and deliveries that follow at once need not read them back. Contents never
/// change, and a key is never used twice: what is here is what the store has, or had until a moment ago.
/// </summary>
internal sealed class RecentContents
{
    /// <summary>Octets kept at most; the oldest go first.</summary>
    private const long MaxBytes = 8 * 1024 * 1024;

    private const int MaxPlaces = 32 * 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, ImmutableArray<byte>> _contents = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ImmutableArray<string>> _keysOf = new(StringComparer.Ordinal);
    private readonly Queue<(string Mail, string Key)> _order = [];
    private long _bytes;

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

    /// <summary>A state has been committed: what it came with is kept, what the mail had and no longer names goes.</summary>
    /// <param name="state">With its new contents.</param>
    public void Committed(string mail, MailState state)
    {
        lock (_gate)
        {
            var isEnded = MailQueue.IsEnded(state.Phase);
            if (_keysOf.TryGetValue(mail, out var before))
            {
                var named = isEnded ? [] : state.Contents;
                foreach (var key in before)
                {
                    if (!named.Any(content => content.Key == key)) Drop(key);
                }

                if (isEnded) _keysOf.Remove(mail);
            }

            if (isEnded) return;
            foreach (var content in state.NewContents)
            {
                if (!content.Inline.IsDefault && _contents.TryAdd(content.Id.Key, content.Inline)) Keep(mail, content.Id.Key, content.Inline.Length);
            }
        }
    }

    private void Keep(string mail, string key, int length)
    {
        _bytes += length;
        _order.Enqueue((mail, key));
        _keysOf[mail] = _keysOf.TryGetValue(mail, out var keys) ? keys.Add(key) : [key];

        // What has gone before its turn leaves a place in the order, which is passed over.
        while (_bytes > MaxBytes || _order.Count > MaxPlaces)
        {
            var (oldest, itsKey) = _order.Dequeue();
            Drop(itsKey);
            Forget(oldest, itsKey);
        }
    }

    private void Forget(string mail, string key)
    {
        if (!_keysOf.TryGetValue(mail, out var keys)) return;
        keys = keys.Remove(key);
        if (keys.IsEmpty) _keysOf.Remove(mail);
        else _keysOf[mail] = keys;
    }

    private void Drop(string key)
    {
        if (_contents.Remove(key, out var bytes)) _bytes -= bytes.Length;
    }
}
