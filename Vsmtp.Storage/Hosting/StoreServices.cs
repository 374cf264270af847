using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Orleans.Storage;
using Vsmtp.Contracts.Mail;
using Vsmtp.Storage.Sqlite;

namespace Vsmtp.Storage.Hosting;

/// <summary>Puts the mail store into a program.</summary>
public static class StoreServices
{
    /// <summary>
    /// Registers all ports over a SQLite file. It is opened before any hosted service starts and closed after all have stopped.
    /// Mail state is kept under <see cref="MailStateStorage.ProviderName"/>.
    /// </summary>
    public static IServiceCollection AddSqliteStore(this IServiceCollection services, StoreOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(StoreIncarnation.Create());
        services.AddSingleton(options);
        services.AddSingleton(static provider => SqliteStore.Open(
            provider.GetRequiredService<StoreOptions>(),
            provider.GetRequiredService<StoreIncarnation>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>()));
        services.AddKeyedSingleton<IGrainStorage>(
            MailStateStorage.ProviderName, static (provider, _) => provider.GetRequiredService<SqliteStore>().GrainStates);
        services.AddSingleton(static provider => provider.GetRequiredService<SqliteStore>().Contents);
        services.AddSingleton(static provider => provider.GetRequiredService<SqliteStore>().Queries);
        services.AddSingleton(static provider => provider.GetRequiredService<SqliteStore>().WakeUps);
        services.AddSingleton(static provider => provider.GetRequiredService<SqliteStore>().RuleSets);
        services.AddSingleton(static provider => provider.GetRequiredService<SqliteStore>().Collector);
        services.AddHostedService<StoreService>();
        return services;
    }
}
