using System.Globalization;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orleans.Storage;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Queues;
using Vsmtp.Contracts.RuleSets;
using Vsmtp.Contracts.Stores;
using Vsmtp.Storage.Contents;
using Vsmtp.Storage.Health;
using Vsmtp.Storage.Mails;
using Vsmtp.Storage.Postgres.Collecting;
using Vsmtp.Storage.Postgres.Contents;
using Vsmtp.Storage.Postgres.Mails;
using Vsmtp.Storage.Postgres.Migrations;
using Vsmtp.Storage.Postgres.RuleSets;
using Vsmtp.Storage.Postgres.Writing;

namespace Vsmtp.Storage.Postgres;

/// <summary>The mail store in a PostgreSQL database: of one process, or of the silos of one cluster.</summary>
public sealed partial class PostgresStore : IMailStore
{
    private readonly NpgsqlDataSource _pool;
    private readonly PostgresCore _core;
    private readonly PostgresCollector _collector;
    private readonly ILogger _log;
    private readonly StoreHealth _health;
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _keeping;
    private int _isClosed;

    private PostgresStore(
        PostgresCore core, NpgsqlDataSource pool, StoreHealth health, PostgresKeeper keeper, StoreOptions options, ILoggerFactory logs)
    {
        _health = health;
        _keeping = keeper.KeepAsync(_closing.Token);
        _log = logs.CreateLogger<PostgresStore>();
        _pool = pool;
        _core = core;
        _collector = new PostgresCollector(core, options, logs.CreateLogger<PostgresCollector>());
        GrainStates = new PostgresGrainStorage(core);
        Contents = new PostgresContentStore(core, logs.CreateLogger<PostgresContentStore>());
        Queries = new PostgresMailQueries(core.Reads);
        WakeUps = new PostgresWakeUps(core);
        RuleSets = new PostgresRuleSetStore(core.Reads);
        Incarnations = new PostgresIncarnations(core.Reads, core.Incarnation);
    }

    public IGrainStorage GrainStates { get; }

    public IContentStore Contents { get; }

    public IMailQueries Queries { get; }

    public IWakeUps WakeUps { get; }

    public IRuleSetStore RuleSets { get; }

    public IStoreHealth Health => _health;

    /// <summary>Of the cluster that shares this store.</summary>
    public IIncarnations Incarnations { get; }

    internal PostgresGroupCommit Writes => _core.Writes;

    internal PostgresReads Reads => _core.Reads;

    /// <summary>Opens the store, makes its schema if there is none, and brings it to this program's version.</summary>
    /// <param name="options">As the claim was made with.</param>
    /// <param name="claim">Held by the caller until after the store is closed; lost when the store fails for good.</param>
    /// <param name="logs">For what the store logs.</param>
    /// <param name="time">Of the grains that write to it. Default: the system's.</param>
    /// <exception cref="StoreUnusableException">It cannot be; the message says why.</exception>
    public static PostgresStore Open(PostgresStoreOptions options, PostgresClaim claim, ILoggerFactory logs, TimeProvider? time = null)
    {
        NpgsqlDataSource? pool = null;
        PostgresWriters? writers = null;
        try
        {
            writers = PostgresWriters.Open(options, claim)!;
            pool = PostgresConnections.CreatePool(options);
            return PostgresConnections.Explain(options, PostgresSchema.Mail, () =>
            {
                var staged = CountStaged(writers.Mails, pool, claim.Mode, options.MaxStagedBytes);
                var log = logs.CreateLogger<PostgresGroupCommit>();
                var health = new StoreHealth(TimeProvider.System, logs.CreateLogger<StoreHealth>());
                var core = new PostgresCore(
                    new PostgresGroupCommit(writers.Mails, claim, counts: true, health, options.MaxQueuedWrites, log),
                    new PostgresGroupCommit(writers.Chunks, claim, counts: false, health, options.MaxQueuedWrites, log),
                    new PostgresReads(pool),
                    staged,
                    claim,
                    time ?? TimeProvider.System);
                var keeper = new PostgresKeeper(options, claim, core, health, logs.CreateLogger<PostgresKeeper>());
                var store = new PostgresStore(core, pool, health, keeper, options, logs);
                store.LogOpened(options, claim.Incarnation.Name);
                return store;
            });
        }
        catch
        {
            writers?.Dispose();
            pool?.Dispose();
            throw;
        }
    }

    /// <summary>What was full may have room again; what is away is seen to by the keeper.</summary>
    public Task LookAfterAsync(CancellationToken cancellationToken) => _health.LookAsync(ProbeAsync, cancellationToken);

    public Task<int> CollectAsync(CancellationToken cancellationToken) => _collector.RunAsync(cancellationToken);

    /// <summary>Takes no more writes, commits those that were taken, and closes all connections but the claim's.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) != 0) return;
        await _closing.CancelAsync().ConfigureAwait(false);
        await _keeping.ConfigureAwait(false);
        _closing.Dispose();
        await _core.ChunkWrites.DisposeAsync().ConfigureAwait(false);
        await _core.Writes.DisposeAsync().ConfigureAwait(false);
        await _pool.DisposeAsync().ConfigureAwait(false);
        LogClosed();
    }

    /// <summary>A write that changes nothing, but has to reach the disk.</summary>
    private Task ProbeAsync() => _core.Writes.RunAsync(
        """
        INSERT INTO counter (name, process, value) VALUES ($1, $2, 0) ON CONFLICT (name, process) DO UPDATE SET value = 0 RETURNING value
        """,
        to => to.Text(CounterNames.Probe).Text(_core.Incarnation.Name),
        static _ => true,
        new PostgresFaults("The probe", null, []));

    private static StagedBytes CountStaged(NpgsqlConnection writer, NpgsqlDataSource pool, ClaimMode mode, long bound)
    {
        using var sum = new NpgsqlCommand("""
            SELECT coalesce(sum(octet_length(k.bytes)), 0)::bigint FROM content c JOIN content_chunk k ON k.content_id = c.id
            WHERE c.mail_id IS NULL
            """, writer);
        var waiting = Convert.ToInt64(sum.ExecuteScalar(), CultureInfo.InvariantCulture);
        if (mode is ClaimMode.Exclusive) return new StagedBytes(waiting, bound);
        var reads = new PostgresReads(pool);
        return new StagedBytes(waiting, bound, cancel => reads.FindAsync(
            "SELECT coalesce(sum(length), 0)::bigint FROM content WHERE mail_id IS NULL AND is_complete",
            bind: null,
            static row => row.GetInt64(0),
            cancel));
    }

    [LoggerMessage(EventId = StoreEvents.Opened, Level = LogLevel.Information,
        Message = "The mail store {Store} is open for {Incarnation}")]
    private partial void LogOpened(PostgresStoreOptions store, string incarnation);

    [LoggerMessage(EventId = StoreEvents.Closed, Level = LogLevel.Information, Message = "The mail store is closed")]
    private partial void LogClosed();
}
