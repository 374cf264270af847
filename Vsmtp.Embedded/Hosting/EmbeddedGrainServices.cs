using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Timers;
using Vsmtp.Embedded.Activations;
using Vsmtp.Embedded.Calls;
using Vsmtp.Embedded.Classes;
using Vsmtp.Embedded.Reminders;
using Vsmtp.Embedded.Timers;

namespace Vsmtp.Embedded.Hosting;

/// <summary>Puts the grains into a host of .NET.</summary>
public static class EmbeddedGrainServices
{
    /// <summary>
    /// Registers the host, <see cref="IGrainFactory"/> and <see cref="IClusterClient"/>. Storages are registered as keyed
    /// <c>IGrainStorage</c> by name, reminders need an <see cref="IReminderTable"/>. What calls grains is to be registered after
    /// this, so that it starts later and stops sooner.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public static IServiceCollection AddEmbeddedGrains(this IServiceCollection services, Action<EmbeddedHostOptions> configure)
    {
        var options = new EmbeddedHostOptions();
        configure(options);
        options.Check();

        services.AddLogging();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton(new GrainClasses(options.Assemblies));
        services.AddSingleton<ActivationCatalog>();
        services.AddSingleton<IClusterClient, GrainFactory>();
        services.AddSingleton<IGrainFactory>(provider => provider.GetRequiredService<IClusterClient>());
        services.AddSingleton<ITimerRegistry, TimerRegistry>();
        services.AddSingleton<ReminderClock>();
        services.AddSingleton<IReminderRegistry>(provider => provider.GetRequiredService<ReminderClock>());
        services.AddSingleton<IHostedService, EmbeddedGrainHost>();
        return services;
    }
}
