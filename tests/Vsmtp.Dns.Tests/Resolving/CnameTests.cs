using Vsmtp.Dns.Messages;
using Vsmtp.Dns.Resolving;
using Vsmtp.Dns.Tests.Support;
using static Vsmtp.Dns.Tests.Support.Resolvers;

namespace Vsmtp.Dns.Tests.Resolving;

/// <summary>Aliases, told in one answer or asked for one by one (RFC 1034 §3.6.2).</summary>
public sealed class CnameTests
{
    [Fact]
    public async Task A_chain_within_one_answer_is_followed_in_whatever_order_it_stands()
    {
        await using var server = new ScriptedDnsServer(query => query.Send(query.Reply()
            .Answer("c.test", DnsType.A, Response.Address("192.0.2.1"), ttl: 500)
            .Answer("B.example", DnsType.Cname, Response.Name("c.test"), ttl: 100)
            .Answer("a.example", DnsType.Cname, Response.Name("b.EXAMPLE"), ttl: 300).ToBytes()));
        await using var resolver = Of(server);
        var records = Is<DnsAnswer.Records>(await resolver.QueryAsync("a.example", DnsType.A));
        Assert.Equal(("c.test", TimeSpan.FromSeconds(100)), (records.CanonicalName.ToString(), records.Ttl));
        Assert.Single(records.Values);
        Assert.Single(server.Received);
    }

    [Fact]
    public async Task What_the_answer_does_not_say_is_asked_for()
    {
        await using var server = new ScriptedDnsServer(query => query.Send((query.Name switch
        {
            "a.example" => query.Reply().Answer("a.example", DnsType.Cname, Response.Name("b.test"), ttl: 30),
            "b.test" => query.Reply().Answer("b.test", DnsType.Cname, Response.Name("c.test"), ttl: 300),
            _ => query.Reply().Answer("c.test", DnsType.Mx, Response.Mx(10, "mail.test"), ttl: 300),
        }).ToBytes()));
        await using var resolver = Of(server);
        var records = Is<DnsAnswer.Records>(await resolver.QueryAsync("a.example", DnsType.Mx));
        Assert.Equal(("c.test", TimeSpan.FromSeconds(30)), (records.CanonicalName.ToString(), records.Ttl));
        Assert.Equal(["a.example", "b.test", "c.test"], server.Received.Select(query => query.Name));
    }

    [Fact]
    public async Task No_such_name_at_the_end_of_a_chain_is_no_such_name()
    {
        await using var server = new ScriptedDnsServer(query => query.Send(query.Reply(DnsResponseCode.NameError)
            .Answer("a.example", DnsType.Cname, Response.Name("gone.example"), ttl: 20).Soa("example").ToBytes()));
        await using var resolver = Of(server);
        Assert.Equal(TimeSpan.FromSeconds(20), Is<DnsAnswer.NoSuchName>(await resolver.QueryAsync("a.example", DnsType.A)).Ttl);
    }

    [Fact]
    public async Task No_data_at_the_end_of_a_chain_is_no_data()
    {
        await using var server = new ScriptedDnsServer(query => query.Send(query.Reply()
            .Answer("a.example", DnsType.Cname, Response.Name("b.example")).Soa("example").ToBytes()));
        await using var resolver = Of(server);
        Is<DnsAnswer.NoData>(await resolver.QueryAsync("a.example", DnsType.A));
        Assert.Single(server.Received);
    }

    [Fact]
    public async Task A_failure_at_the_end_of_a_chain_is_a_failure_for_now_that_names_it()
    {
        await using var server = new ScriptedDnsServer(query => query.Send((query.Name == "a.example"
            ? query.Reply().Answer("a.example", DnsType.Cname, Response.Name("b.test"))
            : query.Reply(DnsResponseCode.ServerFailure)).ToBytes()));
        await using var resolver = Of(server);
        Assert.Equal($"{server.Address}: SERVFAIL (asked for b.test)",
            Is<DnsAnswer.FailedForNow>(await resolver.QueryAsync("a.example", DnsType.A)).Detail);
    }

    [Fact]
    public async Task A_loop_within_an_answer_is_a_failure_for_now()
    {
        await using var server = new ScriptedDnsServer(query => query.Send(query.Reply()
            .Answer("a.example", DnsType.Cname, Response.Name("b.example"))
            .Answer("b.example", DnsType.Cname, Response.Name("A.example")).ToBytes()));
        await using var resolver = Of(server);
        Assert.Contains("loop", Is<DnsAnswer.FailedForNow>(await resolver.QueryAsync("a.example", DnsType.A)).Detail);
    }

    [Fact]
    public async Task A_loop_over_several_answers_is_a_failure_for_now()
    {
        await using var server = new ScriptedDnsServer(query => query.Send(query.Reply()
            .Answer(query.Name, DnsType.Cname, Response.Name(query.Name == "a.example" ? "b.example" : "a.example")).ToBytes()));
        await using var resolver = Of(server);
        Assert.Contains("loop", Is<DnsAnswer.FailedForNow>(await resolver.QueryAsync("a.example", DnsType.A)).Detail);
        Assert.Equal(2, server.Received.Length);
    }

    [Fact]
    public async Task A_chain_without_end_is_given_up()
    {
        await using var server = new ScriptedDnsServer(query => query.Send(query.Reply()
            .Answer(query.Name, DnsType.Cname, Response.Name("x." + query.Name)).ToBytes()));
        await using var resolver = Of(server);
        Assert.Contains("more than 8", Is<DnsAnswer.FailedForNow>(await resolver.QueryAsync("a.example", DnsType.A)).Detail);
        Assert.Equal(CnameChain.MaxAliases + 1, server.Received.Length);
    }

    [Fact]
    public async Task Eight_aliases_are_followed()
    {
        await using var server = new ScriptedDnsServer(query => query.Send((query.Name.Split('.').Length < 10
            ? query.Reply().Answer(query.Name, DnsType.Cname, Response.Name("x." + query.Name))
            : query.Reply().Answer(query.Name, DnsType.A, Response.Address("192.0.2.1"))).ToBytes()));
        await using var resolver = Of(server);
        Is<DnsAnswer.Records>(await resolver.QueryAsync("a.example", DnsType.A));
    }

    [Fact]
    public async Task Who_asks_for_the_alias_itself_gets_it()
    {
        await using var server = new ScriptedDnsServer(query => query.Send(query.Reply()
            .Answer("a.example", DnsType.Cname, Response.Name("b.example")).ToBytes()));
        await using var resolver = Of(server);
        Is<DnsRecord.Cname>(Is<DnsAnswer.Records>(await resolver.QueryAsync("a.example", DnsType.Cname)).Values[0]);
    }

    [Fact]
    public async Task A_chain_is_authentic_if_all_its_answers_are()
    {
        await using var server = new ScriptedDnsServer(query => query.Send((query.Name switch
        {
            "a.example" => query.Reply(flags: 0x8180).Answer("a.example", DnsType.Cname, Response.Name("c.test")),
            "b.example" => query.Reply(flags: 0x81A0).Answer("b.example", DnsType.Cname, Response.Name("c.test")),
            _ => query.Reply(flags: 0x81A0).Answer("c.test", DnsType.A, Response.Address("192.0.2.1")),
        }).ToBytes()));
        await using var resolver = new DnsResolver(Options(server.Address) with { Dnssec = true });
        Assert.False((await resolver.QueryAsync("a.example", DnsType.A)).IsAuthenticated);
        Assert.True((await resolver.QueryAsync("b.example", DnsType.A)).IsAuthenticated);
    }
}
