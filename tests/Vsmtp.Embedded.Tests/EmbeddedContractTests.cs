using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Storage;
using Vsmtp.Embedded.Hosting;
using Vsmtp.Embedded.Reminders;
using Vsmtp.Embedded.Tests.Contract;
using Vsmtp.Embedded.Tests.Grains;

namespace Vsmtp.Embedded.Tests;

/// <summary>The contract, on the host of this project.</summary>
public sealed class EmbeddedContractTests : GrainHostContract
{
    private readonly MemoryReminderTable _reminders = new();

    protected override async Task<RunningHost> StartAsync(HostWishes? wishes = null)
    {
        wishes ??= new HostWishes();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(Witness);
        builder.Services.AddKeyedSingleton<IGrainStorage>(TestStorage.Name, Storage);
        builder.Services.AddSingleton<IGrainStorage>(Storage);
        builder.Services.AddSingleton<IReminderTable>(_reminders);
        if (wishes.Time is { } time) builder.Services.AddSingleton<TimeProvider>(time);
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
