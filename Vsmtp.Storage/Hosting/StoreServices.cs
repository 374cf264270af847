using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Orleans.Storage;
using Vsmtp.Contracts.Mail;
using Vsmtp.Storage.Mails;
using Vsmtp.Storage.Postgres;
using Vsmtp.Storage.Sqlite;

namespace Vsmtp.Storage.Hosting;

/// <summary>Puts the mail store into a program.</summary>
public static class StoreServices
{
    /// <summary>
    /// Registers all ports over a SQLite file. It is opened before any hosted service starts and closed after all have stopped.
    /// Mail state is kept under <see cref="MailStateStorage.ProviderName"/>.
    /// </summary>
    /// <param name="options">Where it is, and its bounds.</param>
    /// <param name="onLost">Told why, when it has failed in a way that only a restart mends.</param>
    public static IServiceCollection AddSqliteStore(
        this IServiceCollection services, SqliteStoreOptions options, Action<string>? onLost = null) =>
        services.AddStore(options, provider => SqliteStore.Open(
            options,
            provider.GetRequiredService<StoreIncarnation>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>(),
            onLost));

    /// <summary>The same over PostgreSQL. When the store fails for good, the claim is lost.</summary>
    /// <param name="options">As the claim was made with.</param>
    /// <param name="claim">Taken before anything of the store is read; the caller's to dispose, after the host.</param>
    public static IServiceCollection AddPostgresStore(
        this IServiceCollection services, PostgresStoreOptions options, PostgresClaim claim)
    {
        services.AddSingleton(claim.Incarnation);
        services.AddSingleton(static provider => ((PostgresStore)provider.GetRequiredService<IMailStore>()).Incarnations);
        return services.AddStore(options, provider => PostgresStore.Open(
            options, claim, provider.GetRequiredService<ILoggerFactory>(), provider.GetRequiredService<TimeProvider>()));
    }

    private static IServiceCollection AddStore(
        this IServiceCollection services, StoreOptions options, Func<IServiceProvider, IMailStore> open)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(StoreIncarnation.Create());
        services.AddSingleton(options);
        services.AddSingleton(open);
        services.AddSingleton(static provider => new NewMails(provider.GetRequiredService<IMailStore>().GrainStates));
        services.AddSingleton<INewMails>(static provider => provider.GetRequiredService<NewMails>());
        services.AddKeyedSingleton<IGrainStorage>(
            MailStateStorage.ProviderName, static (provider, _) => provider.GetRequiredService<NewMails>());
        services.AddSingleton<IAcceptances>(static provider => new Acceptances(
            provider.GetRequiredService<IMailStore>().GrainStates, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(static provider => provider.GetRequiredService<IMailStore>().Contents);
        services.AddSingleton(static provider => provider.GetRequiredService<IMailStore>().Queries);
        services.AddSingleton(static provider => provider.GetRequiredService<IMailStore>().WakeUps);
        services.AddSingleton(static provider => provider.GetRequiredService<IMailStore>().RuleSets);
        services.AddSingleton(static provider => provider.GetRequiredService<IMailStore>().Health);
        services.AddHostedService<StoreService>();
        return services;
    }
}
