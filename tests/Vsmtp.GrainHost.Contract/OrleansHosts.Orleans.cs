using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Reminders;
using Orleans.Storage;
using Vsmtp.GrainHost.Contract.Grains;

namespace Vsmtp.GrainHost.Contract;

/// <summary>Makes silos of Orleans, each a cluster of one on loopback, and clients of them.</summary>
internal static class OrleansHosts
{
    /// <summary>A silo with the grains of this assembly; not started.</summary>
    /// <param name="gatewayPort">Where clients come in; 0 for nowhere.</param>
    public static IHost Silo(Witness witness, TestStorage storage, ReminderTable reminders, HostWishes wishes, int gatewayPort = 0)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(witness);
        builder.Services.AddSingleton<IGrainStorage>(storage);
        builder.Services.AddKeyedSingleton<IGrainStorage>(TestStorage.Name, storage);
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering();
            silo.ConfigureEndpoints(IPAddress.Loopback, FreePort(), gatewayPort, listenOnAnyHostAddress: false);
            silo.AddReminders();
            silo.Services.AddSingleton<IReminderTable>(reminders);
            if (wishes.Time is { } time) silo.Services.AddKeyedSingleton<TimeProvider>(ReminderTimeProviderNames.Reminders, new ReminderTime(time));
            Configure(silo, wishes);
        });
        return builder.Build();
    }

    /// <summary>A client of a silo, as a gateway is one: all calls go over a connection; not started.</summary>
    public static IHost Client(int gatewayPort)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleansClient(client => client.UseLocalhostClustering(gatewayPort));
        return builder.Build();
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

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
}
