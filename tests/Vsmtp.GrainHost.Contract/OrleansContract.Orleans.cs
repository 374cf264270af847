using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Reminders;
using Orleans.Storage;

namespace Vsmtp.GrainHost.Contract;

/// <summary>The contract, on a silo of Orleans in this process: a cluster of one.</summary>
public sealed partial class OrleansContract : GrainHostContract
{
    private readonly ReminderTable _reminders = new();

    /// <summary>Calls are timed by the machine's clock alone, and looked at once a second.</summary>
    protected override TimeSpan Patience => TimeSpan.FromSeconds(2);

    protected override string SaysThatItStops => "shutting down";

    protected override async Task<RunningHost> StartAsync(HostWishes? wishes = null)
    {
        wishes ??= new HostWishes();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(Witness);
        builder.Services.AddSingleton<IGrainStorage>(Storage);
        builder.Services.AddKeyedSingleton<IGrainStorage>(Grains.TestStorage.Name, Storage);
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering();
            silo.ConfigureEndpoints(IPAddress.Loopback, FreePort(), gatewayPort: 0, listenOnAnyHostAddress: false);
            silo.AddReminders();
            silo.Services.AddSingleton<IReminderTable>(_reminders);
            if (wishes.Time is { } time) silo.Services.AddKeyedSingleton<TimeProvider>(ReminderTimeProviderNames.Reminders, new ReminderTime(time));
            Configure(silo, wishes);
        });
        var host = builder.Build();
        await host.StartAsync();
        return new RunningHost(host, host.Services.GetRequiredService<IGrainFactory>());
    }

    /// <summary>Orleans promises no order: calls that wait for the activation are passed on in whatever order.</summary>
    protected override void AssertInOrder(IEnumerable<string> made, IEnumerable<string> told) => Assert.Equal(made.Order(), told.Order());

    private static void Configure(ISiloBuilder silo, HostWishes wishes)
    {
        // All reminders are in memory: their clock moves by hand, and the table would be looked at by that clock.
        silo.Configure<ReminderOptions>(options =>
            (options.RefreshReminderListPeriod, options.ReminderLoadingWindow) = (TimeSpan.FromDays(1), TimeSpan.FromDays(2)));
        silo.Configure<SiloMessagingOptions>(options => 
        {
            options.ResponseTimeout = wishes.ResponseTimeout;
            if (wishes.MaxForwards is { } forwards) options.MaxForwardCount = forwards;
        });
        silo.Configure<GrainCollectionOptions>(options =>
            (options.CollectionAge, options.CollectionQuantum) = (wishes.CollectionAge, wishes.CollectionAge / 4));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
