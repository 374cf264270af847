using Microsoft.Extensions.DependencyInjection;
using Vsmtp.Configuration.Options;
using Vsmtp.Embedded.Hosting;
using Vsmtp.Grains.Mail;
using Vsmtp.Storage;
using Vsmtp.Storage.Postgres;

namespace Vsmtp.Silo.Hosting;

/// <summary>The grains in this process. With <c>GrainHost=Orleans</c> this file is not compiled and its Orleans twin is.</summary>
public static class GrainHosting
{
    /// <summary>
    /// Takes the store for this process alone, before anything of it is read. The kernel or the database lets go of it when the
    /// process ends in whatever way.
    /// </summary>
    /// <exception cref="ProcessLockedException">Another process has the SQLite store.</exception>
    /// <exception cref="StoreUnusableException">Another process has the PostgreSQL store, or it cannot be reached.</exception>
    public static StoreClaim ClaimStore(StorageUrl url) => url switch
    {
        StorageUrl.Sqlite sqlite => StoreClaim.OnFile(sqlite, ProcessLock.Acquire(sqlite.Path + ".lock")),
        StorageUrl.Postgres postgres => StoreClaim.OnDatabase(postgres, ClaimMode.Exclusive),
        _ => throw new NotSupportedException($"{url}: no such store."),
    };

    internal static IServiceCollection AddGrainHost(this IServiceCollection services) =>
        services.AddEmbeddedGrains(options => options.AddGrains(typeof(MailGrain).Assembly));
}
