using Microsoft.Extensions.Logging;
using Orleans.Storage;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Queues;
using Vsmtp.Contracts.RuleSets;
using Vsmtp.Contracts.Stores;
using Vsmtp.Storage.Contents;
using Vsmtp.Storage.Health;
using Vsmtp.Storage.Sqlite.Collecting;
using Vsmtp.Storage.Sqlite.Contents;
using Vsmtp.Storage.Sqlite.Mails;
using Vsmtp.Storage.Sqlite.Migrations;
using Vsmtp.Storage.Sqlite.RuleSets;
using Vsmtp.Storage.Sqlite.Writing;

namespace Vsmtp.Storage.Sqlite;

/// <summary>The mail store of one machine: a SQLite file, opened by one process at a time.</summary>
public sealed partial class SqliteStore : IMailStore
{
    private readonly Checkpointer _checkpointer;
    private readonly ReaderPool _readers;
    private readonly StoreHealth _health;
    private readonly Func<Task> _probe;
    private readonly ILogger _log;
    private int _isClosed;

    private SqliteStore(
        SqliteFile file, SqliteSession writer, SqliteStoreOptions options, StoreIncarnation incarnation, TimeProvider time, ILoggerFactory logs,
        Action<string>? onLost)
    {
        _log = logs.CreateLogger<SqliteStore>();
        Staged = new StagedBytes(ContentRows.SumStaged(writer), options.MaxStagedBytes);
        _checkpointer = new Checkpointer(file.OpenCheckpointer(), options.CheckpointBytes, logs.CreateLogger<Checkpointer>());
        _readers = new ReaderPool(file.OpenReader);
        _health = new StoreHealth(time, logs.CreateLogger<StoreHealth>(), new StoreRoom(options.Path, options.MinFreeBytes, CountReusableAsync));
        _probe = () => Writes!.RunAsync(writer => Counters.Probe(writer, incarnation.Name));
        Writes = new GroupCommit(writer, _checkpointer, options.MaxQueuedWrites, logs.CreateLogger<GroupCommit>(), _health, onLost);
        var core = new StoreCore(Writes, _readers, Staged, time, incarnation);
        GrainStates = new MailGrainStorage(core);
        Contents = new SqliteContentStore(core, logs.CreateLogger<SqliteContentStore>());
        Queries = new SqliteMailQueries(_readers);
        WakeUps = new SqliteWakeUps(core);
        RuleSets = new SqliteRuleSetStore(core);
        Collector = new StoreCollector(core, options, logs.CreateLogger<StoreCollector>());
    }

    public IGrainStorage GrainStates { get; }

    public IContentStore Contents { get; }

    public IMailQueries Queries { get; }

    public IWakeUps WakeUps { get; }

    public IRuleSetStore RuleSets { get; }

    public IStoreHealth Health => _health;

    public StoreCollector Collector { get; }

    internal GroupCommit Writes { get; }

    internal StagedBytes Staged { get; }

    /// <summary>Opens the store, makes it if there is none, and brings it to this program's schema.</summary>
    /// <param name="onLost">Told why, when it has failed in a way that only a restart mends.</param>
    /// <exception cref="StoreUnusableException">It cannot be; the message says why.</exception>
    public static SqliteStore Open(
        SqliteStoreOptions options, StoreIncarnation incarnation, TimeProvider time, ILoggerFactory logs, Action<string>? onLost = null)
    {
        var file = new SqliteFile(options.Path);
        file.Create();
        return file.Explain(() =>
        {
            var writer = file.OpenWriter();
            try
            {
                Migrator.Apply(writer, Migrator.All);
                writer.WriteTogether(session => Counters.Fold(session, incarnation.Name));
                var store = new SqliteStore(file, writer, options, incarnation, time, logs, onLost);
                store.LogOpened(options.Path, incarnation.Name);
                return store;
            }
            catch
            {
                writer.Dispose();
                throw;
            }
        });
    }

    public Task LookAfterAsync(CancellationToken cancellationToken) => _health.LookAsync(_probe, cancellationToken);

    public Task<int> CollectAsync(CancellationToken cancellationToken) => Collector.RunAsync(cancellationToken);

    /// <summary>Takes no more writes, commits those that were taken, and moves the write-ahead log back into the file.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) != 0) return;
        await Writes.DisposeAsync().ConfigureAwait(false);
        await _readers.DisposeAsync().ConfigureAwait(false);
        _checkpointer.Dispose();
        LogClosed();
    }

    /// <summary>Pages of the file that hold nothing.</summary>
    private Task<long> CountReusableAsync(CancellationToken cancellationToken) => _readers.ReadAsync(
        static reader => Number(reader, "PRAGMA freelist_count") * Number(reader, "PRAGMA page_size"), cancellationToken);

    private static long Number(SqliteSession reader, string pragma)
    {
        using var row = reader.Use(pragma);
        return row.Step() ? row.Number(0) : 0;
    }

    [LoggerMessage(EventId = StoreEvents.Opened, Level = LogLevel.Information,
        Message = "The mail store {Path} is open for {Incarnation}")]
    private partial void LogOpened(string path, string incarnation);

    [LoggerMessage(EventId = StoreEvents.Closed, Level = LogLevel.Information, Message = "The mail store is closed")]
    private partial void LogClosed();
}
