using Orleans;
using Orleans.Runtime;
using Orleans.Storage;
using Vsmtp.Contracts.TlsPolicies;

namespace Vsmtp.Storage.Tests.Contract;

/// <summary>States of grains that are no mails.</summary>
public abstract class OtherStateContract(StoreUnderTest store) : StoreContract(store)
{
    private static readonly GrainId Service = GrainId.Create("service", "svc-clamav");

    [Fact]
    public async Task Any_state_is_written_read_and_cleared()
    {
        var written = new GrainState<Breaker>(new Breaker { Failures = 3, Mode = Mode.Open });
        await Store.GrainStates.WriteStateAsync("breaker", Service, written);

        var read = new GrainState<Breaker>();
        await Store.GrainStates.ReadStateAsync("breaker", Service, read);
        Assert.Equal(written.State!, read.State!);
        Assert.Equal(written.ETag, read.ETag);
        Assert.True(read.RecordExists);

        await Store.GrainStates.ClearStateAsync("breaker", Service, read);
        Assert.False(read.RecordExists);
        Assert.Equal(new Breaker(), read.State!);
        await Store.GrainStates.ReadStateAsync("breaker", Service, read);
        Assert.False(read.RecordExists);
    }

    [Fact]
    public async Task The_type_of_the_grain_and_the_name_of_the_state_tell_rows_apart()
    {
        await WriteAsync("breaker", Service, 1);
        await WriteAsync("pace", Service, 2);
        await WriteAsync("breaker", GrainId.Create("destination", "svc-clamav"), 3);

        var read = new GrainState<Breaker>();
        await Store.GrainStates.ReadStateAsync("breaker", Service, read);
        Assert.Equal(1, read.State!.Failures);
    }

    [Fact]
    public async Task A_stale_etag_is_refused()
    {
        var first = await WriteAsync("breaker", Service, 1);
        var second = new GrainState<Breaker>(first.State!, first.ETag);
        await Store.GrainStates.WriteStateAsync("breaker", Service, second);

        await Assert.ThrowsAsync<InconsistentStateException>(() => Store.GrainStates.WriteStateAsync("breaker", Service, first));
        await Assert.ThrowsAsync<InconsistentStateException>(() => Store.GrainStates.ClearStateAsync("breaker", Service, first));
        await Assert.ThrowsAsync<InconsistentStateException>(() => WriteAsync("breaker", Service, 5));
    }

    [Fact]
    public async Task A_domains_policy_comes_back_as_it_was()
    {
        var grain = GrainId.Create("tlspolicy", ITlsPolicyGrain.KeyPrefix + "b.example");
        var policy = new TlsPolicy
        {
            RecordId = "20261126", Mode = TlsPolicyMode.Enforce, Hosts = ["mx.b.example", "*.b.example"],
            FetchedAt = new DateTimeOffset(2026, 11, 26, 12, 0, 0, 125, TimeSpan.Zero), MaxAge = TimeSpan.FromDays(365.25),
        };
        await Store.GrainStates.WriteStateAsync(KeptTlsPolicy.StateName, grain, new GrainState<KeptTlsPolicy>(new KeptTlsPolicy { Policy = policy }));

        var read = new GrainState<KeptTlsPolicy>();
        await Store.GrainStates.ReadStateAsync(KeptTlsPolicy.StateName, grain, read);
        Assert.Equal(policy.Hosts, read.State!.Policy!.Hosts);
        Assert.Equal(policy, read.State.Policy with { Hosts = policy.Hosts });
    }

    private async Task<GrainState<Breaker>> WriteAsync(string name, GrainId grain, int failures)
    {
        var state = new GrainState<Breaker>(new Breaker { Failures = failures });
        await Store.GrainStates.WriteStateAsync(name, grain, state);
        return state;
    }

    public enum Mode
    {
        Closed,
        Open,
    }

    public sealed record Breaker
    {
        public int Failures { get; init; }

        public Mode Mode { get; init; }
    }
}
