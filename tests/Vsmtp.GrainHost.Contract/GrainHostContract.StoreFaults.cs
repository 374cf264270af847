using Orleans.Storage;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Stores;
using Vsmtp.GrainHost.Contract.Grains;
using Vsmtp.Storage;

namespace Vsmtp.GrainHost.Contract;

public abstract partial class GrainHostContract
{
    [ContractFact]
    public Task A_content_that_is_missing_is_told_to_the_caller_as_such() =>
        ArrivesAsItIs(new ContentMissingException(new ContentId("abcd", 3, "00")));

    [ContractFact]
    public Task A_store_that_is_full_is_told_to_the_caller_as_such() => ArrivesAsItIs(new StoreFullException("The disk is full."));

    [ContractFact]
    public Task A_store_that_is_away_is_told_to_the_caller_as_such() =>
        ArrivesAsItIs(new StoreAwayException("The database restarts.", new TestException("why")));

    [ContractFact]
    public Task A_store_that_is_unusable_is_told_to_the_caller_as_such() =>
        ArrivesAsItIs(new StoreUnusableException("The store has failed.", new TestException("why")));

    [ContractFact]
    public async Task A_foreign_fault_of_a_storage_reaches_grain_and_caller_wrapped()
    {
        await using var host = await StartAsync();
        var grain = host.Grain<IVaultGrain>("m-vault");
        Storage.Fault = new TestException("of the driver");
        Assert.Equal("OrleansException", await grain.TryPut("caught"));
        Storage.Fault = new TestException("of the driver");
        var failure = await Assert.ThrowsAsync<OrleansException>(() => grain.Put("not caught"));
        Assert.Equal("of the driver", Assert.IsType<TestException>(failure.InnerException).Message);
        Assert.Contains("of the driver", failure.Message, StringComparison.Ordinal);
    }

    [ContractFact]
    public async Task A_stale_etag_is_told_to_the_caller_with_both_etags()
    {
        await using var host = await StartAsync();
        var grain = host.Grain<IVaultGrain>("m-vault");
        await grain.Put("mine");
        Storage.WriteBehind("vault", Vault, new VaultState { Text = "theirs" });
        var failure = await Assert.ThrowsAsync<InconsistentStateException>(() => grain.Put("mine again"));
        Assert.Equal(("Somebody wrote in between.", "2", "1"), (failure.Message, failure.StoredEtag, failure.CurrentEtag));
    }

    /// <summary>The grain can catch it by its type, and so can the caller.</summary>
    private async Task ArrivesAsItIs<TException>(TException fault)
        where TException : Exception
    {
        await using var host = await StartAsync();
        var grain = host.Grain<IVaultGrain>("m-vault");
        Storage.Fault = fault;
        Assert.Equal(typeof(TException).Name, await grain.TryPut("caught"));
        Storage.Fault = fault;
        var failure = await Assert.ThrowsAsync<TException>(() => grain.Put("not caught"));
        Assert.Equal(fault.Message, failure.Message);
        Assert.Equal(fault.InnerException?.Message, failure.InnerException?.Message);
        Assert.Equal("not caught", await grain.Get());   // no fault of this kind drops the activation
    }
}
