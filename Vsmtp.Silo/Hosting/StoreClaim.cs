using Microsoft.Extensions.DependencyInjection;
using Vsmtp.Configuration.Options;
using Vsmtp.Embedded.Hosting;
using Vsmtp.Storage;
using Vsmtp.Storage.Hosting;
using Vsmtp.Storage.Postgres;

namespace Vsmtp.Silo.Hosting;

/// <summary>The proof that this process alone has its store. Disposed after the host, which gives the store free.</summary>
public abstract class StoreClaim : IDisposable
{
    private StoreClaim()
    {
    }

    /// <summary>Cancelled when the store is no longer this process's: it then ends at once, without another write or delivery.</summary>
    public abstract CancellationToken Lost { get; }

    /// <summary>Why it is lost; null while it is not.</summary>
    public abstract string? Reason { get; }

    public abstract void Dispose();

    /// <exception cref="ProcessLockedException">Another process has the SQLite store.</exception>
    /// <exception cref="StoreUnusableException">Another process has the PostgreSQL store, or it cannot be reached.</exception>
    internal static StoreClaim Take(StorageUrl url) => url switch
    {
        StorageUrl.Sqlite sqlite => new OnFile(sqlite.Path),
        StorageUrl.Postgres postgres => new OnDatabase(OptionsOf(postgres)),
        _ => throw new NotSupportedException($"{url}: no such store."),
    };

    internal abstract void AddStore(IServiceCollection services);

    private static PostgresStoreOptions OptionsOf(StorageUrl.Postgres url) => new()
    {
        Host = url.Host,
        Port = url.Port,
        Database = url.Database,
        User = url.User,
        Password = url.Password?.Reveal(),
        Parameters = url.Parameters,
    };

    /// <summary>A lock of the operating system beside the file: nothing takes it away from a process that lives.</summary>
    private sealed class OnFile(string path) : StoreClaim
    {
        private readonly ProcessLock _lock = ProcessLock.Acquire(path + ".lock");

        public override CancellationToken Lost => CancellationToken.None;

        public override string? Reason => null;

        public override void Dispose() => _lock.Dispose();

        internal override void AddStore(IServiceCollection services) => services.AddSqliteStore(new SqliteStoreOptions { Path = path });
    }

    /// <summary>A session's lock in the database: gone when its connection is.</summary>
    private sealed class OnDatabase(PostgresStoreOptions options) : StoreClaim
    {
        private readonly PostgresClaim _claim = PostgresClaim.Acquire(options, ClaimMode.Exclusive);

        public override CancellationToken Lost => _claim.Lost;

        public override string? Reason => _claim.Reason is { } reason ? $"{options}: {reason}" : null;

        public override void Dispose() => _claim.Dispose();

        internal override void AddStore(IServiceCollection services) => services.AddPostgresStore(options, _claim);
    }
}
