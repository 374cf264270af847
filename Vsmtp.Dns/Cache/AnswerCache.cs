using Vsmtp.Dns.Messages;

namespace Vsmtp.Dns.Cache;

/// <summary>Answers for as long as they hold; at most <paramref name="capacity"/>, and who was not asked for longest goes first.</summary>
internal sealed class AnswerCache(int capacity, TimeProvider time)
{
    /// <summary>Longest that records are kept, whatever their TTL (RFC 2181 §8 leaves that to us).</summary>
    public static readonly TimeSpan MaxTtl = TimeSpan.FromDays(1);

    /// <summary>
    /// Longest that "there is none" is kept. RFC 2308 §5 allows hours; a name that has just been made should not wait so long for mail.
    /// </summary>
    public static readonly TimeSpan MaxNegativeTtl = TimeSpan.FromMinutes(5);

    /// <summary>Failures are kept for a moment, so that a burst of mails does not ask in vain for each (RFC 9520 §3.2).</summary>
    public static readonly TimeSpan FailureTtl = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly Dictionary<DnsQuestion, LinkedListNode<Entry>> _byQuestion = [];
    private readonly LinkedList<Entry> _latestFirst = new();

    public int Count
    {
        get
        {
            lock (_lock) return _byQuestion.Count;
        }
    }

    /// <param name="answer">With what is left of its TTL, and the records' own as they came.</param>
    public bool TryGet(DnsQuestion question, out DnsAnswer? answer)
    {
        answer = null;
        lock (_lock)
        {
            if (!_byQuestion.TryGetValue(question, out var node)) return false;
            var left = node.Value.Ttl - time.GetElapsedTime(node.Value.Since);
            if (left <= TimeSpan.Zero)
            {
                Remove(node);
                return false;
            }

            _latestFirst.Remove(node);
            _latestFirst.AddFirst(node);
            answer = node.Value.Answer with { Ttl = left };
            return true;
        }
    }

    public void Add(DnsQuestion question, DnsAnswer answer)
    {
        var ttl = answer switch
        {
            DnsAnswer.Records => DnsTtl.Shorter(answer.Ttl, MaxTtl),
            DnsAnswer.FailedForNow => FailureTtl,
            _ => DnsTtl.Shorter(answer.Ttl, MaxNegativeTtl),
        };
        if (capacity <= 0 || ttl <= TimeSpan.Zero) return;
        lock (_lock)
        {
            if (_byQuestion.TryGetValue(question, out var old)) Remove(old);
            else if (_byQuestion.Count >= capacity) Remove(_latestFirst.Last!);
            _byQuestion[question] = _latestFirst.AddFirst(new Entry(question, answer, ttl, time.GetTimestamp()));
        }
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        _latestFirst.Remove(node);
        _byQuestion.Remove(node.Value.Question);
    }

    private sealed record Entry(DnsQuestion Question, DnsAnswer Answer, TimeSpan Ttl, long Since);
}
