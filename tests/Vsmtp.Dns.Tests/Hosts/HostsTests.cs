using System.Net;
using Vsmtp.Dns.Messages;
using Vsmtp.Dns.Names;
using Vsmtp.Dns.Tests.Support;
using static Vsmtp.Dns.Tests.Support.Resolvers;

namespace Vsmtp.Dns.Tests.Hosts;

/// <summary>hosts(5) goes before the servers.</summary>
public sealed class HostsTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public async Task Names_and_addresses_of_the_file_are_answered_without_a_server()
    {
        await using var server = new ScriptedDnsServer(_ => throw new InvalidOperationException("Nobody should be asked."));
        await using var resolver = Resolver(server, """
            # comment
            192.0.2.1   mail.example  MX1.example # trailing
            2001:db8::1 mail.example
            192.0.2.2	mail.example
            nonsense    mail.example
            192.0.2.3
            192.0.2.4   bad..name good.example
            """);
        Assert.Equal(["192.0.2.1", "192.0.2.2", "2001:db8::1"], Addresses(await resolver.LookupAddressesAsync("Mail.Example")).Select(a => a.ToString()));
        Assert.Equal(["192.0.2.4"], Addresses(await resolver.LookupAddressesAsync("good.example")).Select(a => a.ToString()));
        Assert.Equal(["mail.example", "MX1.example"],
            Is<DnsLookup<DnsName>.Found>(await resolver.LookupPtrAsync(IPAddress.Parse("192.0.2.1"))).Values.Select(n => n.ToString()));
        Is<DnsAnswer.NoData>(await resolver.QueryAsync("mx1.example", DnsType.Aaaa));
    }

    [Fact]
    public async Task What_the_file_does_not_have_is_asked_for()
    {
        await using var server = new ScriptedDnsServer(query => query.Send(query.Reply()
            .Answer(query.Name, DnsType.Mx, Response.Mx(10, "mail.example")).ToBytes()));
        await using var resolver = Resolver(server, "192.0.2.1 example");
        Is<MxLookup.Found>(await resolver.LookupMxAsync("example"));
    }

    [Fact]
    public async Task A_change_of_the_file_is_seen()
    {
        await using var server = new ScriptedDnsServer(query => query.Send(query.Reply(DnsResponseCode.NameError).ToBytes()));
        await using var resolver = Resolver(server, "192.0.2.1 mail.example");
        Assert.Equal(["192.0.2.1"], Addresses(await resolver.LookupAddressesAsync("mail.example")).Select(a => a.ToString()));
        await File.WriteAllTextAsync(_file, "192.0.2.22 mail.example");
        Assert.Equal(["192.0.2.22"], Addresses(await resolver.LookupAddressesAsync("mail.example")).Select(a => a.ToString()));
        File.Delete(_file);
        Is<DnsLookup<IPAddress>.NoSuchName>(await resolver.LookupAddressesAsync("mail.example"));
    }

    [Fact]
    public async Task Unwanted_the_file_is_not_looked_at()
    {
        await File.WriteAllTextAsync(_file, "192.0.2.1 mail.example");
        await using var server = new ScriptedDnsServer(query => query.SendAddress("192.0.2.9"));
        await using var resolver = new DnsResolver(Options(server.Address) with { HostsFile = _file });
        Assert.Equal("192.0.2.9", ((DnsRecord.A)Is<DnsAnswer.Records>(await resolver.QueryAsync("mail.example", DnsType.A)).Values[0]).Address.ToString());
    }

    private DnsResolver Resolver(ScriptedDnsServer server, string hosts)
    {
        File.WriteAllText(_file, hosts);
        return new DnsResolver(Options(server.Address) with { UseHostsFile = true, HostsFile = _file });
    }
}
