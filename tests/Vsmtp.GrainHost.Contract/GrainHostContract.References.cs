using Microsoft.Extensions.DependencyInjection;
using Vsmtp.GrainHost.Contract.Grains;

namespace Vsmtp.GrainHost.Contract;

public abstract partial class GrainHostContract
{
    [ContractFact]
    public async Task An_interface_that_no_class_implements_is_an_argument_error()
    {
        await using var host = await StartAsync();
        Assert.ThrowsAny<ArgumentException>(() => host.Grain<INobodyGrain>("m-any"));
    }

    [ContractFact]
    public async Task An_empty_key_is_an_argument_error()
    {
        await using var host = await StartAsync();
        Assert.ThrowsAny<ArgumentException>(() => host.Grain<ICounterGrain>(""));
        Assert.ThrowsAny<ArgumentException>(() => host.Grain<ICounterGrain>(" "));
    }

    [ContractFact]
    public async Task The_factory_and_the_client_of_the_cluster_lead_to_the_same_grains()
    {
        await using var host = await StartAsync();
        await host.Grain<ICounterGrain>("m-same").AddSlowly();
        Assert.Equal(2, await host.Services.GetRequiredService<IClusterClient>().GetGrain<ICounterGrain>("m-same").AddSlowly());
    }

    [ContractFact]
    public async Task What_a_caller_has_in_its_context_does_not_reach_the_grain()
    {
        await using var host = await StartAsync();
        var grain = host.Grain<IContextGrain>("m-context");
        ContextGrain.Secret.Value = "of the caller";
        Assert.Null(await grain.Secret());
        await grain.SetSecret("of the grain");
        Assert.Null(await grain.Secret());
        Assert.Equal("of the caller", ContextGrain.Secret.Value);
    }
}
