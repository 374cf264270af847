using Microsoft.Extensions.DependencyInjection;
using Vsmtp.Configuration.Options;
using Vsmtp.Embedded.Hosting;
using Vsmtp.Grains.Mail;
using Vsmtp.Storage;
using Vsmtp.Storage.Hosting;

namespace Vsmtp.Silo.Hosting;

/// <summary>The grains in this process. With <c>GrainHost=Orleans</c> this file is not compiled and its Orleans twin is.</summary>
public static class GrainHosting
{
    /// <summary>Takes the store for this process alone, before anything of it is read: a lock that the kernel lets go of when the process ends in whatever way.</summary>
    /// <returns>Gives the store free when disposed.</returns>
    /// <exception cref="ProcessLockedException">Another process has it.</exception>
    public static IDisposable ClaimStore(StorageUrl url) => ProcessLock.Acquire(PathOf(url) + ".lock");

    internal static IServiceCollection AddStore(this IServiceCollection services, StorageUrl url) =>
        services.AddSqliteStore(new StoreOptions { Path = PathOf(url) });

    internal static IServiceCollection AddGrainHost(this IServiceCollection services) =>
        services.AddEmbeddedGrains(options => options.AddGrains(typeof(MailGrain).Assembly));

    private static string PathOf(StorageUrl url) => url is StorageUrl.Sqlite sqlite
        ? sqlite.Path
        : throw new NotSupportedException($"{url}: this version keeps mails in SQLite only.");
}
