using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Storage;
using Vsmtp.Embedded.Reminders;

namespace Vsmtp.GrainHost.Contract;

/// <summary>The contract, on the host of one process.</summary>
public sealed partial class EmbeddedContract : GrainHostContract
{
    private readonly MemoryReminderTable _reminders = new();

    protected override string SaysThatItStops => "stop";

    protected override async Task<RunningHost> StartAsync(HostWishes? wishes = null)
    {
        wishes ??= new HostWishes();
        var host = EmbeddedHosts.Build(
            options => (options.CollectionAge, options.ResponseTimeout) = (wishes.CollectionAge, wishes.ResponseTimeout),
            services =>
            {
                services.AddSingleton(Witness);
                services.AddSingleton<IGrainStorage>(Storage);
                services.AddKeyedSingleton<IGrainStorage>(Grains.TestStorage.Name, Storage);
                services.AddSingleton<IReminderTable>(_reminders);
                if (wishes.Time is { } time) services.AddSingleton<TimeProvider>(time);
            });
        await host.StartAsync();
        return new RunningHost(host, host.Services.GetRequiredService<IGrainFactory>());
    }
}
