using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;
using Vsmtp.GrainHost.Contract.Grains;

namespace Vsmtp.GrainHost.Contract;

public abstract partial class GrainHostContract
{
    private static readonly GrainId Vault = GrainId.Create("vault", "m-vault");

    [ContractFact]
    public async Task State_is_read_before_the_grain_is_activated()
    {
        Storage.WriteBehind("vault", Vault, new VaultState { Text = "kept" });
        await using var host = await StartAsync();
        Assert.Equal("kept", await host.Grain<IVaultGrain>("m-vault").SeenFirst());
    }

    [ContractFact]
    public async Task A_state_without_a_record_is_a_new_one()
    {
        await using var host = await StartAsync();
        Assert.Equal("empty", await host.Grain<IVaultGrain>("m-vault").SeenFirst());
    }

    [ContractFact]
    public async Task State_outlives_the_host()
    {
        await using (var host = await StartAsync()) await host.Grain<IVaultGrain>("m-vault").Put("kept");
        await using var next = await StartAsync();
        Assert.Equal("kept", await next.Grain<IVaultGrain>("m-vault").SeenFirst());
    }

    [ContractFact]
    public async Task A_cleared_state_is_a_new_one()
    {
        await using var host = await StartAsync();
        var grain = host.Grain<IVaultGrain>("m-vault");
        await grain.Put("soon gone");
        await grain.Clear();
        Assert.Equal("empty", await grain.Get());
        await grain.Put("again");
        Assert.Equal("again", await grain.Get());
    }

    [ContractFact]
    public async Task A_stale_etag_throws_and_drops_the_activation()
    {
        await using var host = await StartAsync();
        var grain = host.Grain<IVaultGrain>("m-vault");
        await grain.Put("mine");
        Storage.WriteBehind("vault", Vault, new VaultState { Text = "theirs" });
        await Assert.ThrowsAsync<InconsistentStateException>(() => grain.Put("mine again"));
        Assert.Equal("theirs", await grain.Get());
        Assert.Equal(2, Witness.Count("activated m-vault"));
        await grain.Put("now it works");
    }

    [ContractFact]
    public async Task Calls_behind_the_one_that_was_stale_see_the_stored_state()
    {
        await using var host = await StartAsync();
        var grain = host.Grain<IVaultGrain>("m-vault");
        await grain.Put("mine");
        Storage.WriteBehind("vault", Vault, new VaultState { Text = "theirs" });
        Storage.BeforeWrite = () =>
        {
            Witness.Tell("writes");
            return Witness.Gate("write").Task;
        };
        var stale = grain.Put("mine again");
        await Witness.Told("writes");
        var behind = grain.Get();
        Witness.Gate("write").SetResult();
        await Assert.ThrowsAsync<InconsistentStateException>(() => stale);
        Assert.Equal("theirs", await behind);
    }

    [ContractFact]
    public async Task A_grain_that_hears_of_anothers_stale_state_stays()
    {
        await using var host = await StartAsync();
        await host.Grain<IVaultGrain>("m-vault").Put("mine");
        var caller = host.Grain<IVaultGrain>("m-caller");
        await caller.Put("unsaid");
        Storage.WriteBehind("vault", Vault, new VaultState { Text = "theirs" });
        await Assert.ThrowsAsync<InconsistentStateException>(() => caller.PutThrough("m-vault", "mine again"));
        await caller.Get();
        Assert.Equal(1, Witness.Count("activated m-caller"));
    }

    [ContractFact]
    public async Task Writes_that_are_not_awaited_run_one_after_the_other()
    {
        await using var host = await StartAsync();
        await host.Grain<IVaultGrain>("m-vault").PutTwice("first", "second");
        Assert.Equal("second", await host.Grain<IVaultGrain>("m-vault").Get());
    }

    [ContractFact]
    public async Task State_is_out_of_reach_outside_of_turns()
    {
        await using var host = await StartAsync();
        Assert.NotEqual("nothing", await host.Grain<IVaultGrain>("m-vault").PutAstray());
    }

    [ContractFact]
    public async Task An_inherited_state_is_kept_in_the_default_storage()
    {
        await using var host = await StartAsync();
        var grain = host.Services.GetRequiredService<IGrainFactory>().GetGrain<IOldStyleGrain>(4711);
        Assert.Equal("empty", await grain.Get());
        await grain.Put("kept");
        await grain.End();
        Assert.Equal("kept", await grain.Get());
    }
}
