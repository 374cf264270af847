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

    /// <summary>A host of the grains of this assembly, with services that keep nothing; not started.</summary>
    internal static IHost Build(Action<EmbeddedHostOptions>? options = null, Action<IServiceCollection>? services = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<Witness>();
        builder.Services.AddSingleton<IGrainStorage, TestStorage>();
        builder.Services.AddKeyedSingleton<IGrainStorage, TestStorage>(TestStorage.Name);
        services?.Invoke(builder.Services);
        builder.Services.AddEmbeddedGrains(chosen =>
        {
            chosen.AddGrains(typeof(EmbeddedContractTests).Assembly);
            options?.Invoke(chosen);
        });
        return builder.Build();
    }

    protected override async Task<RunningHost> StartAsync(HostWishes? wishes = null)
    {
        wishes ??= new HostWishes();
        var host = Build(
            options => (options.CollectionAge, options.ResponseTimeout) = (wishes.CollectionAge, wishes.ResponseTimeout),
            services =>
            {
                services.AddSingleton(Witness);
                services.AddSingleton<IGrainStorage>(Storage);
                services.AddKeyedSingleton<IGrainStorage>(TestStorage.Name, Storage);
                services.AddSingleton<IReminderTable>(_reminders);
                if (wishes.Time is { } time) services.AddSingleton<TimeProvider>(time);
            });
        await host.StartAsync();
        return new RunningHost(host, host.Services.GetRequiredService<IGrainFactory>());
    }
}
