using System.Net;
using System.Text;
using Vsmtp.Dns;
using Vsmtp.Dns.Messages;
using Vsmtp.Dns.Names;

namespace Vsmtp.Delivery.Tests.Support;

/// <summary>Names that a test has made up, answered at once. What is not in it does not exist; what is broken cannot be looked up.</summary>
internal sealed class Zone : IDnsResolver
{
    private readonly List<DnsRecord> _records = [];
    private readonly HashSet<DnsName> _broken = [];

    public Dns.DnsAddressOrder AddressOrder => Dns.DnsAddressOrder.Ipv4thenIpv6;

    public Zone Mx(string domain, int preference, string host) => Add(new DnsRecord.Mx(DnsName.Parse(domain), TimeSpan.FromHours(1), preference, NameOf(host)));

    public Zone A(string host, string address) => Add(new DnsRecord.A(DnsName.Parse(host), TimeSpan.FromHours(1), IPAddress.Parse(address)));

    public Zone Aaaa(string host, string address) => Add(new DnsRecord.Aaaa(DnsName.Parse(host), TimeSpan.FromHours(1), IPAddress.Parse(address)));

    public Zone Ptr(string reverse, string name) => Add(new DnsRecord.Ptr(DnsName.Parse(reverse), TimeSpan.FromHours(1), DnsName.Parse(name)));

    public Zone Txt(string name, params string[] strings) => Add(new DnsRecord.Txt(
        DnsName.Parse(name), TimeSpan.FromHours(1), [.. strings.Select(text => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(text))]));

    /// <summary>Takes all records of a name away.</summary>
    public Zone Without(string name)
    {
        _records.RemoveAll(record => record.Owner.Equals(DnsName.Parse(name)));
        return this;
    }

    /// <summary>A name that exists, whatever else it has.</summary>
    public Zone Name(string name) => Add(new DnsRecord.Ns(DnsName.Parse(name), TimeSpan.FromHours(1), DnsName.Parse("ns.example")));

    public Zone Broken(string name)
    {
        _broken.Add(DnsName.Parse(name));
        return this;
    }

    public ValueTask<DnsAnswer> QueryAsync(DnsName name, DnsType type, CancellationToken cancellationToken = default)
    {
        if (_broken.Contains(name)) return new(new DnsAnswer.FailedForNow("192.0.2.53 said SERVFAIL"));
        var all = _records.Where(record => record.Owner.Equals(name)).ToList();
        var found = all.Where(record => record.Type == type).ToList();
        return new(found.Count > 0 ? new DnsAnswer.Records(name, [.. found]) : all.Count > 0 ? new DnsAnswer.NoData() : new DnsAnswer.NoSuchName());
    }

    private static DnsName NameOf(string host) => host == "." ? DnsName.Root : DnsName.Parse(host);

    private Zone Add(DnsRecord record)
    {
        _records.Add(record);
        return this;
    }
}
