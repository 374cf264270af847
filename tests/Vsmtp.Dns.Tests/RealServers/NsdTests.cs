using Vsmtp.Dns.Messages;
using Vsmtp.Dns.Tests.Support;
using static Vsmtp.Dns.Tests.Support.Resolvers;

namespace Vsmtp.Dns.Tests.RealServers;

/// <summary>nsd, an authoritative server, with zones as they are written: long texts, heads of zones, aliases, loops.</summary>
public sealed class NsdTests : IAsyncLifetime
{
    private static readonly string LongText = string.Concat(Enumerable.Range(0, 5000).Select(i => (char)('a' + (i % 26))));

    private NameDaemon _daemon = null!;
    private DnsResolver _resolver = null!;

    public async ValueTask InitializeAsync()
    {
        _daemon = await NameDaemon.StartAsync("nsd", "nsd", file => ["-d", "-c", file], Configuration, "mail.example");
        _resolver = new DnsResolver(Options(_daemon.Address));
    }

    public async ValueTask DisposeAsync()
    {
        if (_resolver is not null) await _resolver.DisposeAsync();
        if (_daemon is not null) await _daemon.DisposeAsync();
    }

    [Fact]
    public async Task A_text_of_5000_octets_comes_over_tcp_whole() =>
        Assert.Equal([LongText], Is<DnsLookup<string>.Found>(await _resolver.LookupTxtAsync("long.example")).Values);

    [Fact]
    public async Task Each_type_is_answered()
    {
        Assert.Equal(["192.0.2.10", "2001:db8::10"], Addresses(await _resolver.LookupAddressesAsync("mail.example")).Select(a => a.ToString()));
        Assert.Equal("10 mail.example, 20 mail.other.test", string.Join(", ",
            Is<MxLookup.Found>(await _resolver.LookupMxAsync("example")).Exchanges.Select(mx => $"{mx.Preference} {mx.Host}")));
        Is<MxLookup.NullMx>(await _resolver.LookupMxAsync("nomail.example"));
        Assert.Equal("02030405", Convert.ToHexString(
            Is<DnsLookup<DnsRecord.Tlsa>.Found>(await _resolver.LookupTlsaAsync("mail.example", 25)).Values[0].Association.Span));
        var soa = (DnsRecord.Soa)Is<DnsAnswer.Records>(await _resolver.QueryAsync("example", DnsType.Soa)).Values[0];
        Assert.Equal(("ns.example", "first\\.last.example", 7u, TimeSpan.FromSeconds(120)),
            (soa.PrimaryServer.ToString(), soa.Mailbox.ToString(), soa.Serial, soa.NegativeTtl));
        Is<DnsRecord.Ns>(Is<DnsAnswer.Records>(await _resolver.QueryAsync("example", DnsType.Ns)).Values[0]);
        Assert.Equal(["192.0.2.44"], Addresses(await _resolver.LookupAddressesAsync("bücher.example")).Select(a => a.ToString()));
        Assert.Equal(["192.0.2.45"], Addresses(await _resolver.LookupAddressesAsync("anything.wild.example")).Select(a => a.ToString()));
    }

    [Fact]
    public async Task No_data_and_no_such_name_are_told_apart_with_their_times()
    {
        Assert.Equal(TimeSpan.FromSeconds(120), Is<DnsAnswer.NoSuchName>(await _resolver.QueryAsync("gone.example", DnsType.A)).Ttl);
        Assert.Equal(TimeSpan.FromSeconds(120), Is<DnsAnswer.NoData>(await _resolver.QueryAsync("mail.example", DnsType.Txt)).Ttl);

        // A name that exists only because there are names below it.
        Is<DnsAnswer.NoData>(await _resolver.QueryAsync("_tcp.mail.example", DnsType.A));
    }

    [Fact]
    public async Task Aliases_are_followed_within_a_zone_and_into_another()
    {
        Assert.Equal("mail.example", Is<DnsAnswer.Records>(await _resolver.QueryAsync("one.example", DnsType.A)).CanonicalName.ToString());
        Assert.Equal("mail.other.test", Is<DnsAnswer.Records>(await _resolver.QueryAsync("away.example", DnsType.A)).CanonicalName.ToString());
        Is<DnsAnswer.NoSuchName>(await _resolver.QueryAsync("dangling.example", DnsType.A));
    }

    [Fact]
    public async Task A_loop_of_aliases_is_a_failure_for_now()
    {
        Assert.Contains("loop", Is<DnsAnswer.FailedForNow>(await _resolver.QueryAsync("loop1.example", DnsType.A)).Detail);
        Is<MxLookup.FailedForNow>(await _resolver.LookupMxAsync("loop1.example"));
    }

    [Fact]
    public async Task A_zone_that_it_does_not_have_is_a_failure_for_now() =>
        Assert.Equal($"{_daemon.Address}: REFUSED", Is<DnsAnswer.FailedForNow>(await _resolver.QueryAsync("elsewhere.invalid", DnsType.A)).Detail);

    [Fact]
    public async Task A_part_that_is_delegated_to_others_is_a_failure_for_now() =>
        Assert.Contains("referral", Is<DnsAnswer.FailedForNow>(await _resolver.QueryAsync("host.sub.example", DnsType.A)).Detail);

    private static string Configuration(string folder, int port)
    {
        File.WriteAllText(Path.Combine(folder, "example.zone"), Zone);
        File.WriteAllText(Path.Combine(folder, "other.zone"), Other);
        return $"""
            server:
              ip-address: 127.0.0.1@{port}
              server-count: 1
              username: "{Environment.UserName}"
              chroot: ""
              zonesdir: "{folder}"
              database: ""
              pidfile: "{folder}/nsd.pid"
              xfrdfile: "{folder}/xfrd.state"
              zonelistfile: "{folder}/zone.list"
              xfrdir: "{folder}"
              logfile: "{folder}/nsd.log"
            remote-control:
              control-enable: no
            zone:
              name: example
              zonefile: example.zone
            zone:
              name: other.test
              zonefile: other.zone
            """;
    }

    private static string Zone => $"""
        $ORIGIN example.
        $TTL 300
        @        IN SOA ns first\.last 7 3600 600 86400 120
        @        IN NS ns
        @        IN MX 20 mail.other.test.
        @        IN MX 10 mail
        ns       IN A 192.0.2.53
        mail     IN A 192.0.2.10
        mail     IN AAAA 2001:db8::10
        _25._tcp.mail IN TLSA 3 1 1 02030405
        nomail   IN MX 0 .
        long     IN TXT {string.Join(' ', LongText.Chunk(250).Select(part => $"\"{new string(part)}\""))}
        xn--bcher-kva IN A 192.0.2.44
        *.wild   IN A 192.0.2.45
        one      IN CNAME two
        two      IN CNAME mail
        away     IN CNAME mail.other.test.
        dangling IN CNAME gone
        loop1    IN CNAME loop2
        loop2    IN CNAME loop1
        sub      IN NS ns.sub
        ns.sub   IN A 192.0.2.54

        """;

    private static string Other => """
        $ORIGIN other.test.
        $TTL 300
        @    IN SOA ns hostmaster 1 3600 600 86400 60
        @    IN NS ns
        ns   IN A 192.0.2.53
        mail IN A 192.0.2.99

        """;
}
