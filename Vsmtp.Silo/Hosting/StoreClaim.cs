using Microsoft.Extensions.DependencyInjection;
using Vsmtp.Configuration.Options;
using Vsmtp.Storage;
using Vsmtp.Storage.Hosting;
using Vsmtp.Storage.Postgres;
using Vsmtp.Storage.Postgres.Cluster;

namespace Vsmtp.Silo.Hosting;

/// <summary>The proof that this process may have its store. Disposed after the host, which gives the store free.</summary>
public abstract class StoreClaim : IDisposable
{
    private StoreClaim()
    {
    }

    /// <summary>Cancelled when the store is no longer this process's: it then ends at once, without another write or delivery.</summary>
    public abstract CancellationToken Lost { get; }

    /// <summary>Why it is lost; null while it is not.</summary>
    public abstract string? Reason { get; }

    /// <summary>For a provider of Orleans, to the tables that <see cref="PrepareCluster"/> makes. It has a password: never to be logged.</summary>
    /// <exception cref="InvalidOperationException">It is a store of one process.</exception>
    public virtual string ClusterConnection(ClusterUse use) => throw new InvalidOperationException("A store in a file has no cluster.");

    public abstract void Dispose();

    /// <summary>A SQLite store, which one process at a time may have.</summary>
    /// <param name="processLock">Proves it; nothing takes it away from a process that lives. Disposed with the claim.</param>
    /// <param name="minFreeBytes"><c>server.storage.free_space_min</c>.</param>
    internal static StoreClaim OnFile(StorageUrl.Sqlite url, IDisposable processLock, long minFreeBytes) =>
        new FileClaim(new SqliteStoreOptions { Path = url.Path, MinFreeBytes = minFreeBytes }, processLock);

    /// <summary>A PostgreSQL store: a session's lock in the database, gone when its connection is.</summary>
    /// <exception cref="StoreUnusableException">Another process has the store in a way that excludes this, or it cannot be reached.</exception>
    internal static StoreClaim OnDatabase(StorageUrl.Postgres url, ClaimMode mode) => new DatabaseClaim(OptionsOf(url), mode);

    /// <summary>This process, as the store knows it; null where nobody else can have the store.</summary>
    internal virtual string? Incarnation => null;

    /// <summary>Makes the tables in which silos of a cluster find each other, where there are none.</summary>
    /// <exception cref="InvalidOperationException">It is a store of one process.</exception>
    /// <exception cref="StoreUnusableException">They cannot be made, or a newer program made them.</exception>
    internal virtual void PrepareCluster() => throw new InvalidOperationException("A store in a file has no cluster.");

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

    private sealed class FileClaim(SqliteStoreOptions options, IDisposable processLock) : StoreClaim
    {
        private readonly CancellationTokenSource _lost = new();
        private volatile string? _reason;

        public override CancellationToken Lost => _lost.Token;

        public override string? Reason => _reason;

        public override void Dispose()
        {
            processLock.Dispose();
            _lost.Dispose();
        }

        internal override void AddStore(IServiceCollection services) => services.AddSqliteStore(options, reason =>
        {
            _reason = reason;
            _lost.Cancel();
        });
    }

    private sealed class DatabaseClaim(PostgresStoreOptions options, ClaimMode mode) : StoreClaim
    {
        private readonly PostgresClaim _claim = PostgresClaim.Acquire(options, mode);

        public override CancellationToken Lost => _claim.Lost;

        public override string? Reason => _claim.Reason is { } reason ? $"{options}: {reason}" : null;

        public override string ClusterConnection(ClusterUse use) => ClusterTables.ConnectionString(options, use);

        public override void Dispose() => _claim.Dispose();

        internal override string? Incarnation => _claim.Incarnation.Name;

        internal override void PrepareCluster() => ClusterTables.Prepare(options);

        internal override void AddStore(IServiceCollection services) => services.AddPostgresStore(options, _claim);
    }
}
