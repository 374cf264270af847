using Vsmtp.Dns.Cache;
using Vsmtp.Dns.Messages;
using Vsmtp.Dns.Names;
using Vsmtp.Dns.Tests.Support;
using Vsmtp.Smtp.Tests.Support;
using static Vsmtp.Dns.Tests.Support.Resolvers;

namespace Vsmtp.Dns.Tests.Cache;

/// <summary>What is kept, that there is nothing too (RFC 2308), and for how long; the clock is the test's.</summary>
public sealed class CacheTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public async Task Records_are_kept_for_their_ttl()
    {
        await using var server = new ScriptedDnsServer(query => query.SendAddress("192.0.2.1", ttl: 300));
        await using var resolver = Of(server, _time);
        await AskAsync(resolver);
        _time.Advance(TimeSpan.FromSeconds(299));
        Assert.Equal(TimeSpan.FromSeconds(1), (await AskAsync(resolver, "MAIL.example")).Ttl);
        Assert.Single(server.Received);
        _time.Advance(TimeSpan.FromSeconds(1));
        await AskAsync(resolver);
        Assert.Equal(2, server.Received.Length);
    }

    [Fact]
    public async Task Records_are_kept_for_a_day_at_most_and_those_of_ttl_0_not_at_all()
    {
        await using var server = new ScriptedDnsServer(query => query.SendAddress("192.0.2.1", query.Name == "zero.example" ? 0 : 1_000_000));
        await using var resolver = Of(server, _time);
        await AskAsync(resolver);
        _time.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        await AskAsync(resolver);
        Assert.Single(server.Received);
        _time.Advance(TimeSpan.FromSeconds(1));
        await AskAsync(resolver);
        Assert.Equal(2, server.Received.Length);
        await AskAsync(resolver, "zero.example");
        await AskAsync(resolver, "zero.example");
        Assert.Equal(4, server.Received.Length);
    }

    [Theory]
    [InlineData(60, 600, 60, DnsResponseCode.NameError)]
    [InlineData(600, 60, 60, DnsResponseCode.NameError)]
    [InlineData(600, 60, 60, DnsResponseCode.NoError)]
    [InlineData(86400, 86400, 300, DnsResponseCode.NameError)]
    [InlineData(86400, 86400, 300, DnsResponseCode.NoError)]
    public async Task That_there_is_none_is_kept_as_the_zone_says_and_for_5_minutes_at_most(int ttl, int minimum, int seconds, DnsResponseCode code)
    {
        await using var server = new ScriptedDnsServer(query => query.Send(query.Reply(code).Soa("example", ttl, minimum).ToBytes()));
        await using var resolver = Of(server, _time);
        var first = await AskAsync(resolver);
        _time.Advance(TimeSpan.FromSeconds(seconds - 1));
        var second = await AskAsync(resolver);
        Assert.Equal((first.GetType(), 1), (second.GetType(), server.Received.Length));
        _time.Advance(TimeSpan.FromSeconds(1));
        await AskAsync(resolver);
        Assert.Equal(2, server.Received.Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("other.test")]
    public async Task Without_a_soa_of_the_zone_it_is_not_kept(string zone)
    {
        await using var server = new ScriptedDnsServer(query =>
        {
            var reply = query.Reply(DnsResponseCode.NameError);
            return query.Send((zone.Length > 0 ? reply.Soa(zone) : reply).ToBytes());
        });
        await using var resolver = Of(server, _time);
        Is<DnsAnswer.NoSuchName>(await AskAsync(resolver));
        Is<DnsAnswer.NoSuchName>(await AskAsync(resolver));
        Assert.Equal(2, server.Received.Length);
    }

    [Fact]
    public async Task A_failure_is_kept_for_two_seconds()
    {
        await using var server = new ScriptedDnsServer(query => query.Number == 1
            ? query.Send(query.Reply(DnsResponseCode.ServerFailure).ToBytes()) : query.SendAddress("192.0.2.1"));
        await using var resolver = Of(server, _time);
        Is<DnsAnswer.FailedForNow>(await AskAsync(resolver));
        Is<DnsAnswer.FailedForNow>(await AskAsync(resolver));
        Assert.Single(server.Received);
        _time.Advance(TimeSpan.FromSeconds(2));
        Is<DnsAnswer.Records>(await AskAsync(resolver));
    }

    [Fact]
    public async Task Of_more_answers_than_there_is_room_for_those_not_asked_for_longest_go()
    {
        await using var server = new ScriptedDnsServer(query => query.SendAddress("192.0.2.1"));
        await using var resolver = new DnsResolver(Options(server.Address) with { CacheSize = 2 }, _time);
        foreach (var name in (string[])["a.example", "b.example", "a.example", "c.example", "a.example", "b.example"]) await AskAsync(resolver, name);
        Assert.Equal(["a.example", "b.example", "c.example", "b.example"], server.Received.Select(query => query.Name));
    }

    [Fact]
    public void The_cache_holds_no_more_than_it_may()
    {
        var cache = new AnswerCache(10, _time);
        for (var i = 0; i < 1000; i++)
        {
            cache.Add(new DnsQuestion(DnsName.Parse($"m{i}.example"), DnsType.A), new DnsAnswer.NoData { Ttl = TimeSpan.FromMinutes(1) });
        }

        Assert.Equal(10, cache.Count);
    }

    [Fact]
    public async Task A_cache_of_no_size_keeps_nothing()
    {
        await using var server = new ScriptedDnsServer(query => query.SendAddress("192.0.2.1"));
        await using var resolver = new DnsResolver(Options(server.Address) with { CacheSize = 0 }, _time);
        await AskAsync(resolver);
        await AskAsync(resolver);
        Assert.Equal(2, server.Received.Length);
    }

    [Fact]
    public async Task Types_of_a_name_are_kept_apart()
    {
        await using var server = new ScriptedDnsServer(query => query.Send((query.Question.Type == DnsType.A
            ? query.Reply().Answer(query.Name, DnsType.A, Response.Address("192.0.2.1"))
            : query.Reply().Soa("example")).ToBytes()));
        await using var resolver = Of(server, _time);
        Is<DnsAnswer.Records>(await AskAsync(resolver));
        Is<DnsAnswer.NoData>(await resolver.QueryAsync("mail.example", DnsType.Aaaa));
        Is<DnsAnswer.Records>(await AskAsync(resolver));
    }

    [Fact]
    public async Task The_same_question_asked_by_many_at_once_is_one_query()
    {
        var go = new TaskCompletionSource();
        await using var server = new ScriptedDnsServer(async query =>
        {
            await go.Task;
            await query.SendAddress("192.0.2.1", ttl: 0);
        });
        await using var resolver = Of(server, _time);
        var asking = Enumerable.Range(0, 100).Select(i => AskAsync(resolver, i % 2 == 0 ? "mail.example" : "MAIL.example")).ToList();
        go.SetResult();
        Assert.All(await Task.WhenAll(asking), answer => Is<DnsAnswer.Records>(answer));
        Assert.Single(server.Received);
    }

    private static Task<DnsAnswer> AskAsync(DnsResolver resolver, string name = "mail.example") => resolver.QueryAsync(name, DnsType.A).AsTask();
}
