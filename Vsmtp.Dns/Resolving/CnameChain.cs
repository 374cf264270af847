using Vsmtp.Dns.Messages;
using Vsmtp.Dns.Names;
using Vsmtp.Dns.Transport;

namespace Vsmtp.Dns.Resolving;

/// <summary>Walks from a name over its aliases to the records, through one answer or several (RFC 1034 §3.6.2 and §5.3.3).</summary>
/// <remarks>
/// A loop, or a chain that does not end, is a failure for now. RFC 5321 §5.1 makes only "no such name" permanent, and these names
/// exist: who runs the zone has made a mistake, and may mend it while the mail waits. A resolver that sees the loop before us says
/// SERVFAIL (RFC 1034 §3.6.2: "signalled as an error"), so the answer is the same whoever sees it.
/// </remarks>
internal sealed class CnameChain
{
    /// <summary>Most aliases that are followed.</summary>
    public const int MaxAliases = 8;

    private readonly DnsName _asked;
    private readonly HashSet<DnsName> _seen;
    private TimeSpan _ttl = TimeSpan.MaxValue;
    private bool _isAuthenticated = true;

    public CnameChain(DnsQuestion question)
    {
        _asked = question.Name;
        _seen = [question.Name];
        Next = question;
    }

    /// <summary>What has to be asked next.</summary>
    public DnsQuestion Next { get; private set; }

    /// <summary>Takes the answer to <see cref="Next"/>.</summary>
    /// <returns>The end of the chain; null if <see cref="Next"/> has to be asked.</returns>
    public DnsAnswer? Follow(ServerReply.Answered reply)
    {
        _isAuthenticated &= reply.IsAuthenticated;
        var answers = reply.Message.Answers;
        var before = Next;
        while (true)
        {
            var records = answers.Where(record => record.Type == Next.Type && record.Owner.Equals(Next.Name)).ToArray();
            if (records.Length > 0)
            {
                foreach (var record in records) _ttl = DnsTtl.Shorter(_ttl, record.Ttl);
                return Finish(new DnsAnswer.Records(Next.Name, [.. records]), _ttl);
            }

            if (answers.OfType<DnsRecord.Cname>().FirstOrDefault(record => record.Owner.Equals(Next.Name)) is not { } alias) break;
            _ttl = DnsTtl.Shorter(_ttl, alias.Ttl);
            if (!_seen.Add(alias.Target)) return Failed($"the aliases of {_asked} go round in a loop by {alias.Target}");
            if (_seen.Count > MaxAliases + 1) return Failed($"{_asked} has more than {MaxAliases} aliases");
            Next = Next with { Name = alias.Target };
        }

        return EndWithoutRecords(reply.Message, isFollowed: Next != before);
    }

    /// <summary>The servers could not say how it goes on.</summary>
    public DnsAnswer.FailedForNow Failed(string why) => new(Next.Name.Equals(_asked) ? why : $"{why} (asked for {Next.Name})");

    private DnsAnswer? EndWithoutRecords(DnsMessage message, bool isFollowed)
    {
        var zone = message.Authorities.OfType<DnsRecord.Soa>().FirstOrDefault(soa => Next.Name.IsWithin(soa.Owner));

        // RFC 2308 §3 and §5: kept for the shorter of the SOA's own TTL and its MINIMUM; without a SOA not at all.
        var ttl = zone is null ? TimeSpan.Zero : DnsTtl.Shorter(_ttl, DnsTtl.Shorter(zone.Ttl, zone.NegativeTtl));

        // The code is that of the last name of the chain (RFC 6604 §3).
        if (message.ResponseCode == DnsResponseCode.NameError) return Finish(new DnsAnswer.NoSuchName(), ttl);
        if (zone is not null || !isFollowed) return Finish(new DnsAnswer.NoData(), ttl);

        // The server has told the aliases of its own zones and not what is at their end.
        return null;
    }

    private DnsAnswer Finish(DnsAnswer answer, TimeSpan ttl) => answer with { Ttl = ttl, IsAuthenticated = _isAuthenticated };
}
