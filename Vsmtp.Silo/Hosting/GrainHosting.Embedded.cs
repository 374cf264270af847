using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Vsmtp.Configuration.Options;
using Vsmtp.Embedded.Hosting;
using Vsmtp.Embedded.Reminders;
using Vsmtp.Grains.Mail;
using Vsmtp.Storage;
using Vsmtp.Storage.Postgres;

namespace Vsmtp.Silo.Hosting;

/// <summary>The grains in this process. With <c>GrainHost=Orleans</c> this file is not compiled and its Orleans twin is.</summary>
public static class GrainHosting
{
    /// <summary>Whether a silo and a gateway can be processes of their own.</summary>
    public static bool HasRoles => false;

    /// <summary>Whether the host has screens of its own, for <see cref="MapGrainDashboard"/>.</summary>
    public static bool HasDashboard => false;

    /// <summary>
    /// Takes the store for this process alone, before anything of it is read. The kernel or the database lets go of it when the
    /// process ends in whatever way.
    /// </summary>
    /// <exception cref="ProcessLockedException">Another process has the SQLite store.</exception>
    /// <exception cref="StoreUnusableException">Another process has the PostgreSQL store, or it cannot be reached.</exception>
    public static StoreClaim ClaimStore(StorageOptions storage) => storage.Url switch
    {
        StorageUrl.Sqlite sqlite => StoreClaim.OnFile(sqlite, ProcessLock.Acquire(sqlite.Path + ".lock"), storage.FreeSpaceMin),
        StorageUrl.Postgres postgres => StoreClaim.OnDatabase(postgres, ClaimMode.Exclusive),
        _ => throw new NotSupportedException($"{storage.Url}: no such store."),
    };

    /// <summary>Faults of this host at a start that an operator can mend, in words; null: not one of these.</summary>
    public static string? Explain(Exception fault) => fault is ProcessLockedException ? fault.Message : null;

    public static void MapGrainDashboard(this IEndpointRouteBuilder endpoints)
    {
        // The embedded host has none.
    }

    internal static void AddGrainHost(this IHostApplicationBuilder host, ClusterOptions cluster, StoreClaim claim)
    {
        // What is reminded of is set anew at each start.
        host.Services.AddSingleton<IReminderTable, MemoryReminderTable>();
        host.Services.AddEmbeddedGrains(options => options.AddGrains(typeof(MailGrain).Assembly));
    }
}
