using Orleans;
using Orleans.Runtime;
using Vsmtp.Contracts.TlsPolicies;

namespace Vsmtp.Grains.Tests;

/// <summary>The grain that keeps a domain's policy.</summary>
public sealed class TlsPolicyGrainTests
{
    private const string Key = ITlsPolicyGrain.KeyPrefix + "b.example";

    private static TlsPolicy Policy(string id, DateTimeOffset fetchedAt) => new()
    {
        RecordId = id, Mode = TlsPolicyMode.Enforce, Hosts = ["mx.b.example", "*.b.example"], FetchedAt = fetchedAt, MaxAge = TimeSpan.FromDays(7),
    };

    private static async Task<TlsPolicy?> StoredAsync(TestSilo silo)
    {
        var stored = new GrainState<KeptTlsPolicy>();
        await silo.States.ReadStateAsync(KeptTlsPolicy.StateName, GrainId.Create("tlspolicy", Key), stored);
        return stored.State!.Policy;
    }

    private static void AssertSame(TlsPolicy expected, TlsPolicy? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(expected.Hosts, actual.Hosts);
        Assert.Equal(expected, actual with { Hosts = expected.Hosts });
    }

    [Fact]
    public async Task What_is_kept_is_in_the_store_and_the_newer_one_stays()
    {
        await using var silo = await TestSilo.StartAsync("#{}");
        var grain = silo.Grains.GetGrain<ITlsPolicyGrain>(Key);
        Assert.Null(await grain.Find());
        var older = Policy("1", DateTimeOffset.UtcNow.AddHours(-2));
        var newer = Policy("2", DateTimeOffset.UtcNow.AddHours(-1));
        await grain.Keep(older);
        AssertSame(older, await grain.Find());
        await grain.Keep(newer);
        await grain.Keep(older);
        AssertSame(newer, await grain.Find());
        AssertSame(newer, await StoredAsync(silo));
    }

    [Fact]
    public async Task One_whose_time_is_over_is_forgotten_and_one_from_the_future_stands_in_nobodys_way()
    {
        await using var silo = await TestSilo.StartAsync("#{}");
        var grain = silo.Grains.GetGrain<ITlsPolicyGrain>(Key);
        await grain.Keep(Policy("1", DateTimeOffset.UtcNow.AddDays(-8)));
        Assert.Null(await grain.Find());
        Assert.Null(await StoredAsync(silo));

        await grain.Keep(Policy("2", DateTimeOffset.UtcNow.AddDays(30)));
        var present = Policy("3", DateTimeOffset.UtcNow);
        await grain.Keep(present);
        AssertSame(present, await grain.Find());
        AssertSame(present, await StoredAsync(silo));
    }
}
