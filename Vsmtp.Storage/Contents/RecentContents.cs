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

    /// <summary>What a content takes beside its octets, roughly: keys, links, places in tables.</summary>
    private const int PlaceBytes = 256;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<Kept>> _contents = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ImmutableArray<string>> _keysOf = new(StringComparer.Ordinal);
    private readonly LinkedList<Kept> _oldestFirst = [];
    private long _bytes;

    /// <summary>Null: to be read from the store.</summary>
    public Stream? Open(ContentId id)
    {
        lock (_gate)
        {
            return _contents.TryGetValue(id.Key, out var kept) && kept.Value.Bytes is var bytes && bytes.Length == id.Length
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
            foreach (var key in _keysOf.GetValueOrDefault(mail, []))
            {
                if (isEnded || !state.Contents.Any(content => content.Key == key)) Drop(_contents[key]);
            }

            if (isEnded) return;
            foreach (var content in state.NewContents)
            {
                if (!content.Inline.IsDefault && !_contents.ContainsKey(content.Id.Key)) Keep(new Kept(mail, content.Id.Key, content.Inline));
            }
        }
    }

    private void Keep(Kept content)
    {
        _contents[content.Key] = _oldestFirst.AddLast(content);
        _keysOf[content.Mail] = _keysOf.GetValueOrDefault(content.Mail, []).Add(content.Key);
        _bytes += content.Size;
        while (_bytes > MaxBytes) Drop(_oldestFirst.First!);
    }

    private void Drop(LinkedListNode<Kept> node)
    {
        var gone = node.Value;
        _oldestFirst.Remove(node);
        _contents.Remove(gone.Key);
        _bytes -= gone.Size;
        if (_keysOf[gone.Mail].Remove(gone.Key) is { IsEmpty: false } left) _keysOf[gone.Mail] = left;
        else _keysOf.Remove(gone.Mail);
    }

    private sealed record Kept(string Mail, string Key, ImmutableArray<byte> Bytes)
    {
        public int Size => Bytes.Length + PlaceBytes;
    }
}
