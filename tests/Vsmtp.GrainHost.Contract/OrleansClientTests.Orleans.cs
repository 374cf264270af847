using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Serialization;
using Orleans.Storage;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Stores;
using Vsmtp.GrainHost.Contract.Grains;
using Vsmtp.Storage;

namespace Vsmtp.GrainHost.Contract;

/// <summary>Calls from another process than the silo's, as a gateway makes them: over a connection, through the serializer.</summary>
public sealed class OrleansClientTests : IAsyncLifetime
{
    private readonly TestStorage _storage = new();
    private RunningHost? _silo;
    private RunningHost? _client;

    private IVaultGrain Vault => _client!.Grain<IVaultGrain>("m-vault");

    public static TheoryData<Exception> Faults =>
    [
        new ContentMissingException(new ContentId("abcd", 3, "00")), new StoreFullException("The disk is full."),
        new StoreAwayException("The database restarts.", new InvalidOperationException("why")),
        new StoreUnusableException("The store has failed.", new InvalidOperationException("why")),
        new InconsistentStateException("Somebody wrote in between.", "2", "1"),
    ];

    public async ValueTask InitializeAsync()
    {
        var gateway = OrleansHosts.FreePort();
        var silo = OrleansHosts.Silo(new Witness(), _storage, new ReminderTable(), new HostWishes(), gateway);
        await silo.StartAsync();
        _silo = Running(silo);
        var client = OrleansHosts.Client(gateway);
        await client.StartAsync();
        _client = Running(client);
    }

    public async ValueTask DisposeAsync()
    {
        if (_client is not null) await _client.DisposeAsync();
        if (_silo is not null) await _silo.DisposeAsync();
    }

    [ContractFact]
    public async Task A_call_is_carried_out_and_its_answer_comes_back()
    {
        await Vault.Put("kept");
        Assert.Equal("kept", await Vault.Get());
        Assert.Equal("kept", await _silo!.Grain<IVaultGrain>("m-vault").Get());
    }

    [Theory(Timeout = 60_000), MemberData(nameof(Faults), DisableDiscoveryEnumeration = true)]
    public async Task A_fault_of_the_store_arrives_with_its_type_and_message(Exception fault)
    {
        _storage.Fault = fault;
        var arrived = await Record.ExceptionAsync(() => Vault.Put("never"));
        Assert.IsType(fault.GetType(), arrived);
        Assert.Equal(fault.Message, arrived.Message);
        Assert.NotSame(fault, arrived);
    }

    [ContractFact]
    public async Task A_fault_without_a_serializer_arrives_as_the_lack_of_that() =>
        await Assert.ThrowsAsync<CodecNotFoundException>(() => _client!.Grain<ICounterGrain>("m-fail").Fail("why"));

    private static RunningHost Running(IHost host) => new(host, host.Services.GetRequiredService<IGrainFactory>());
}
