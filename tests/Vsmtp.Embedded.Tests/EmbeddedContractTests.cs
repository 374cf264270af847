using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;
using Vsmtp.Embedded.Hosting;
using Vsmtp.Embedded.Tests.Contract;

namespace Vsmtp.Embedded.Tests;

/// <summary>The contract, on the host of this project.</summary>
public sealed class EmbeddedContractTests : GrainHostContract
{
    protected override async Task<RunningHost> StartAsync(HostWishes? wishes = null)
    {
        wishes ??= new HostWishes();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(Witness);
        wishes.Services(builder.Services);
        builder.Services.AddEmbeddedGrains(options =>
        {
            options.CollectionAge = wishes.CollectionAge;
            options.ResponseTimeout = wishes.ResponseTimeout;
            options.AddGrains(typeof(EmbeddedContractTests).Assembly);
        });
        var host = builder.Build();
        await host.StartAsync();
        return new RunningHost(host, host.Services.GetRequiredService<IGrainFactory>());
    }
}
