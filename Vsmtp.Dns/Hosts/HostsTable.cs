using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Vsmtp.Dns.Messages;
using Vsmtp.Dns.Names;

namespace Vsmtp.Dns.Hosts;

/// <summary>What hosts(5) says: an address, its name and further names on each line.</summary>
internal sealed class HostsTable
{
    private readonly FrozenDictionary<DnsName, ImmutableArray<IPAddress>> _addresses;
    private readonly FrozenDictionary<DnsName, ImmutableArray<DnsName>> _namesByReverse;

    private HostsTable(IEnumerable<(IPAddress Address, DnsName Name)> lines)
    {
        var all = lines.ToList();
        _addresses = all.GroupBy(line => line.Name, line => line.Address)
            .ToFrozenDictionary(same => same.Key, same => same.Distinct().ToImmutableArray());
        _namesByReverse = all.GroupBy(line => ReverseName.Of(line.Address), line => line.Name)
            .ToFrozenDictionary(same => same.Key, same => same.Distinct().ToImmutableArray());
    }

    public static HostsTable Empty { get; } = new([]);

    /// <summary>Reads the lines; what is no address or no name is passed over, as the system does.</summary>
    public static HostsTable Parse(IEnumerable<string> lines) => new(lines.SelectMany(ParseLine));

    /// <summary>Answers for A, AAAA and PTR.</summary>
    /// <returns>
    /// Null if the file says nothing of it. A name with addresses of the other family alone has no data: the servers may know another
    /// machine by that name.
    /// </returns>
    public DnsAnswer? Answer(DnsQuestion question)
    {
        if (question.Type == DnsType.Ptr && _namesByReverse.TryGetValue(question.Name, out var names))
        {
            return new DnsAnswer.Records(question.Name, [.. names.Select(name => new DnsRecord.Ptr(question.Name, TimeSpan.Zero, name))]);
        }

        if (question.Type is not (DnsType.A or DnsType.Aaaa) || !_addresses.TryGetValue(question.Name, out var addresses)) return null;
        var family = question.Type == DnsType.A ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;
        ImmutableArray<DnsRecord> records =
        [
            .. addresses.Where(address => address.AddressFamily == family).Select(address => ToRecord(question.Name, address)),
        ];
        return records.IsEmpty ? new DnsAnswer.NoData() : new DnsAnswer.Records(question.Name, records);
    }

    private static DnsRecord ToRecord(DnsName name, IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork
        ? new DnsRecord.A(name, TimeSpan.Zero, address) : new DnsRecord.Aaaa(name, TimeSpan.Zero, address);

    private static IEnumerable<(IPAddress Address, DnsName Name)> ParseLine(string line)
    {
        var words = line.Split('#', 2)[0].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 2 || !IPAddress.TryParse(words[0], out var address)) yield break;
        foreach (var word in words.Skip(1))
        {
            if (DnsName.TryParse(word, out var name)) yield return (address, name);
        }
    }
}
