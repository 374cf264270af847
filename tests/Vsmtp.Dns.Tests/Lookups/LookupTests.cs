using System.Net;
using Vsmtp.Dns.Messages;
using Vsmtp.Dns.Names;
using Vsmtp.Dns.Tests.Support;
using Vsmtp.Smtp.Tests.Support;
using static Vsmtp.Dns.Tests.Support.Resolvers;

namespace Vsmtp.Dns.Tests.Lookups;

/// <summary>The shapes on top of a question.</summary>
public sealed class LookupTests
{
    [Theory]
    [InlineData(DnsAddressOrder.Ipv4thenIpv6, "192.0.2.1 192.0.2.2 192.0.2.3 2001:db8::1")]
    [InlineData(DnsAddressOrder.Ipv6thenIpv4, "2001:db8::1 192.0.2.1 192.0.2.2 192.0.2.3")]
    [InlineData(DnsAddressOrder.Ipv4AndIpv6, "192.0.2.1 2001:db8::1 192.0.2.2 192.0.2.3")]
    [InlineData(DnsAddressOrder.Ipv4Only, "192.0.2.1 192.0.2.2 192.0.2.3")]
    [InlineData(DnsAddressOrder.Ipv6Only, "2001:db8::1")]
    public async Task Addresses_stand_in_the_order_of_the_options(DnsAddressOrder order, string addresses)
    {
        await using var server = new ScriptedDnsServer(query => query.Send((query.Question.Type == DnsType.A
            ? query.Reply().Answer(query.Name, DnsType.A, Response.Address("192.0.2.1"), 60)
                .Answer(query.Name, DnsType.A, Response.Address("192.0.2.2"), 60).Answer(query.Name, DnsType.A, Response.Address("192.0.2.3"), 60)
            : query.Reply().Answer(query.Name, DnsType.Aaaa, Response.Address("2001:db8::1"), 60)).ToBytes()));
        await using var resolver = new DnsResolver(Options(server.Address) with { AddressOrder = order }, new ManualTime());
        var found = Is<DnsLookup<IPAddress>.Found>(await resolver.LookupAddressesAsync("mail.example"));
        Assert.Equal(addresses, string.Join(' ', found.Values));
        Assert.Equal(TimeSpan.FromSeconds(60), found.Ttl);
    }

    public static TheoryData<string, string, string> Families => new()
    {
        { "records", "none", "Found" },
        { "none", "records", "Found" },
        { "records", "failed", "Found" },
        { "failed", "records", "Found" },
        { "none", "failed", "FailedForNow" },
        { "failed", "none", "FailedForNow" },
        { "unknown", "failed", "FailedForNow" },
        { "none", "none", "NoData" },
        { "unknown", "unknown", "NoSuchName" },
    };

    [Theory, MemberData(nameof(Families))]
    public async Task A_failure_never_hides_behind_none(string v4, string v6, string expected)
    {
        await using var server = new ScriptedDnsServer(query => query.Send(((query.Question.Type == DnsType.A ? v4 : v6) switch
        {
            "records" => query.Reply().Answer(query.Name, query.Question.Type, Response.Address(query.Question.Type == DnsType.A ? "192.0.2.1" : "::2")),
            "failed" => query.Reply(DnsResponseCode.ServerFailure),
            "unknown" => query.Reply(DnsResponseCode.NameError).Soa("example"),
            _ => query.Reply().Soa("example"),
        }).ToBytes()));
        await using var resolver = Of(server);
        Assert.Equal(expected, (await resolver.LookupAddressesAsync("mail.example")).GetType().Name);
    }

    [Theory]
    [InlineData("192.0.2.1")]
    [InlineData("2001:db8::1")]
    [InlineData("fe80::1%1")]
    public async Task An_address_is_its_own_answer(string literal)
    {
        await using var resolver = new DnsResolver(new DnsResolverOptions { AddressOrder = DnsAddressOrder.Ipv4Only });
        Assert.Equal([IPAddress.Parse(literal)], Addresses(await resolver.LookupAddressesAsync(literal)));
    }

    [Theory]
    [InlineData("127.1")]
    [InlineData("1")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("010.0.0.1")]
    public async Task What_only_looks_like_an_address_is_a_name(string host)
    {
        await using var server = new ScriptedDnsServer(query => query.Send(query.Reply(DnsResponseCode.NameError).ToBytes()));
        await using var resolver = Of(server);
        Is<DnsLookup<IPAddress>.NoSuchName>(await resolver.LookupAddressesAsync(host));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a..example")]
    [InlineData("[::1]")]
    [InlineData("mail example")]
    public async Task A_name_that_dns_cannot_carry_does_not_exist(string name)
    {
        await using var server = new ScriptedDnsServer(query => query.Send(query.Reply(DnsResponseCode.NameError).ToBytes()));
        await using var resolver = Of(server);
        Is<DnsLookup<IPAddress>.NoSuchName>(await resolver.LookupAddressesAsync(name));
        Is<MxLookup.NoSuchName>(await resolver.LookupMxAsync(name));
        Is<DnsLookup<DnsRecord.Tlsa>.NoSuchName>(await resolver.LookupTlsaAsync(name, 25));
    }

    [Fact]
    public async Task Mail_exchanges_stand_by_preference_and_equal_ones_as_they_came()
    {
        await using var server = Answering(reply => reply
            .Answer("example", DnsType.Mx, Response.Mx(20, "c.example")).Answer("example", DnsType.Mx, Response.Mx(10, "b.example"))
            .Answer("example", DnsType.Mx, Response.Mx(10, "a.example")).Answer("example", DnsType.Mx, Response.Mx(65535, "z.example")));
        await using var resolver = Of(server);
        var found = Is<MxLookup.Found>(await resolver.LookupMxAsync("example"));
        Assert.Equal("10 b.example, 10 a.example, 20 c.example, 65535 z.example",
            string.Join(", ", found.Exchanges.Select(mx => $"{mx.Preference} {mx.Host}")));
    }

    [Fact]
    public async Task A_null_mx_says_that_the_domain_takes_no_mail()
    {
        await using var server = Answering(reply => reply.Answer("example", DnsType.Mx, Response.Mx(0, ".")));
        await using var resolver = Of(server);
        Is<MxLookup.NullMx>(await resolver.LookupMxAsync("example"));
    }

    [Fact]
    public async Task A_null_mx_beside_others_is_not_heeded()
    {
        await using var server = Answering(reply => reply
            .Answer("example", DnsType.Mx, Response.Mx(0, ".")).Answer("example", DnsType.Mx, Response.Mx(10, "a.example")));
        await using var resolver = Of(server);
        Assert.Equal("a.example", Assert.Single(Is<MxLookup.Found>(await resolver.LookupMxAsync("example")).Exchanges).Host.ToString());
    }

    [Fact]
    public async Task No_mx_and_no_such_domain_are_told_apart()
    {
        await using var server = new ScriptedDnsServer(query => query.Send(
            query.Reply(query.Name == "example" ? DnsResponseCode.NoError : DnsResponseCode.NameError).Soa("example").ToBytes()));
        await using var resolver = Of(server);
        Is<MxLookup.NoData>(await resolver.LookupMxAsync("example"));
        Is<MxLookup.NoSuchName>(await resolver.LookupMxAsync("gone.example"));
    }

    [Fact]
    public async Task Strings_of_a_text_are_joined_without_spaces_and_as_one_utf_8()
    {
        // The ü is cut in two.
        byte[] cut = [3, (byte)'a', (byte)'b', 0xC3, 2, 0xBC, (byte)'c'];
        await using var server = Answering(reply => reply
            .Answer("example", DnsType.Txt, Response.Txt("v=spf1 ", "-all")).Answer("example", DnsType.Txt, cut));
        await using var resolver = Of(server);
        Assert.Equal(["v=spf1 -all", "abüc"], Is<DnsLookup<string>.Found>(await resolver.LookupTxtAsync("example")).Values);
    }

    [Fact]
    public async Task Names_of_an_address_are_asked_for_by_its_reverse_name()
    {
        await using var server = new ScriptedDnsServer(query => query.Send(
            query.Reply().Answer(query.Name, DnsType.Ptr, Response.Name("mail.example")).ToBytes()));
        await using var resolver = Of(server);
        var found = Is<DnsLookup<DnsName>.Found>(await resolver.LookupPtrAsync(IPAddress.Parse("192.0.2.1")));
        Assert.Equal("mail.example", Assert.Single(found.Values).ToString());
        Assert.Equal("1.2.0.192.in-addr.arpa", server.Received.Single().Name);
    }

    [Fact]
    public async Task Certificates_are_asked_for_by_port_and_protocol()
    {
        await using var server = new ScriptedDnsServer(query => query.Send(
            query.Reply(flags: 0x81A0).Answer(query.Name, DnsType.Tlsa, [3, 1, 1, 0xAB]).ToBytes()));
        await using var resolver = new DnsResolver(Options(server.Address) with { Dnssec = true });
        var found = Is<DnsLookup<DnsRecord.Tlsa>.Found>(await resolver.LookupTlsaAsync("mail.example", 25));
        Assert.Equal((3, 1, 1, true), (found.Values[0].Usage, found.Values[0].Selector, found.Values[0].MatchingType, found.IsAuthenticated));
        Assert.Equal("_25._tcp.mail.example", server.Received.Single().Name);
    }

    private static ScriptedDnsServer Answering(Func<Response, Response> fill) => new(query => query.Send(fill(query.Reply()).ToBytes()));
}
