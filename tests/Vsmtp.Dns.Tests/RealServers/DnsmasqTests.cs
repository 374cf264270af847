using System.Net;
using Vsmtp.Dns.Messages;
using Vsmtp.Dns.Names;
using Vsmtp.Dns.Tests.Support;
using static Vsmtp.Dns.Tests.Support.Resolvers;

namespace Vsmtp.Dns.Tests.RealServers;

/// <summary>dnsmasq as a machine's own resolver, with each type of record.</summary>
public sealed class DnsmasqTests : IAsyncLifetime
{
    private NameDaemon _daemon = null!;
    private DnsResolver _resolver = null!;

    public async ValueTask InitializeAsync()
    {
        _daemon = await NameDaemon.StartAsync(
            "dnsmasq", "dnsmasq-base", file => ["--keep-in-foreground", $"--conf-file={file}"], Configuration, "mail.example");
        _resolver = new DnsResolver(Options(_daemon.Address));
    }

    public async ValueTask DisposeAsync()
    {
        if (_resolver is not null) await _resolver.DisposeAsync();
        if (_daemon is not null) await _daemon.DisposeAsync();
    }

    [Fact]
    public async Task Each_type_is_answered()
    {
        Assert.Equal(["192.0.2.10", "2001:db8::10"], Addresses(await _resolver.LookupAddressesAsync("mail.example")).Select(a => a.ToString()));
        Assert.Equal("10 mail.example, 20 backup.example", string.Join(", ",
            Is<MxLookup.Found>(await _resolver.LookupMxAsync("example")).Exchanges.Select(mx => $"{mx.Preference} {mx.Host}")));
        Assert.Equal(["v=spf1 mx -all"], Is<DnsLookup<string>.Found>(await _resolver.LookupTxtAsync("example")).Values);
        Assert.Equal("mail.example", Assert.Single(
            Is<DnsLookup<DnsName>.Found>(await _resolver.LookupPtrAsync(IPAddress.Parse("192.0.2.10"))).Values).ToString());
        Assert.Equal("mail.example", Assert.Single(
            Is<DnsLookup<DnsName>.Found>(await _resolver.LookupPtrAsync(IPAddress.Parse("2001:db8::10"))).Values).ToString());
        Assert.Equal("0102030405", Convert.ToHexString(
            Is<DnsLookup<DnsRecord.Tlsa>.Found>(await _resolver.LookupTlsaAsync("mail.example", 25)).Values[0].Association.Span));
    }

    [Fact]
    public async Task Aliases_are_followed()
    {
        var records = Is<DnsAnswer.Records>(await _resolver.QueryAsync("alias.example", DnsType.A));
        Assert.Equal("mail.example", records.CanonicalName.ToString());
        Assert.Equal("192.0.2.10", ((DnsRecord.A)Assert.Single(records.Values)).Address.ToString());
    }

    [Fact]
    public async Task No_data_and_no_such_name_are_told_apart()
    {
        Is<MxLookup.NoSuchName>(await _resolver.LookupMxAsync("gone.example"));
        Is<DnsLookup<IPAddress>.NoSuchName>(await _resolver.LookupAddressesAsync("gone.example"));
        Is<DnsLookup<string>.NoData>(await _resolver.LookupTxtAsync("mail.example"));
    }

    [Fact]
    public async Task What_it_does_not_resolve_is_a_failure_for_now() =>
        Assert.Equal($"{_daemon.Address}: REFUSED", Is<DnsAnswer.FailedForNow>(await _resolver.QueryAsync("mail.test", DnsType.A)).Detail);

    [Fact]
    public async Task Many_records_come_over_tcp()
    {
        var texts = Is<DnsLookup<string>.Found>(await _resolver.LookupTxtAsync("many.example")).Values;
        Assert.Equal(Enumerable.Range(10, 30).Select(i => $"{i}{new string('t', 200)}"), texts.Order());
    }

    private static string Configuration(string folder, int port) => $"""
        port={port}
        listen-address=127.0.0.1
        bind-interfaces
        no-resolv
        no-hosts
        no-poll
        user={Environment.UserName}
        pid-file={folder}/dnsmasq.pid
        local=/example/
        host-record=mail.example,192.0.2.10,2001:db8::10
        mx-host=example,backup.example,20
        mx-host=example,mail.example,10
        txt-record=example,"v=spf1 mx -all"
        cname=alias.example,mail.example
        dns-rr=_25._tcp.mail.example,52,0301010102030405
        {string.Join('\n', Enumerable.Range(10, 30).Select(i => $"txt-record=many.example,{i}{new string('t', 200)}"))}
        """;
}
