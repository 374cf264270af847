using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Storage;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Queues;
using Vsmtp.Contracts.RuleSets;
using Vsmtp.Storage.Sqlite;
using Vsmtp.Storage.Tests.Contract;

namespace Vsmtp.Storage.Tests.Sqlite;

/// <summary>A store on a real file in a folder of its own.</summary>
public sealed class SqliteUnderTest : StoreUnderTest
{
    private readonly TemporaryFolder _folder = new();
    private SqliteStore? _store;
    private StoreIncarnation? _incarnation;
    private SqliteStoreOptions? _options;

    public SqliteStore Store => _store ?? throw new InvalidOperationException("Not open.");

    public string Path => _folder.File("vsmtp.db");

    public override StoreIncarnation Incarnation => _incarnation ?? throw new InvalidOperationException("Not open.");

    public override IGrainStorage GrainStates => Store.GrainStates;

    public override IContentStore Contents => Store.Contents;

    public override IMailQueries Queries => Store.Queries;

    public override IWakeUps WakeUps => Store.WakeUps;

    public override IRuleSetStore RuleSets => Store.RuleSets;

    public override async Task OpenAsync(Func<StoreOptions, StoreOptions>? change = null)
    {
        if (_store is not null) await _store.DisposeAsync();
        var options = new SqliteStoreOptions { Path = Path };
        _options = change is null ? options : (SqliteStoreOptions)change(options);
        Open();
    }

    public override async Task RestartAsync()
    {
        await Store.DisposeAsync();
        Open();
    }

    public override Task<int> CollectAsync() => Store.Collector.RunAsync(TestContext.Current.CancellationToken);

    public override Task<long> CountContentBytesAsync() => Store.Writes.RunAsync(writer =>
    {
        using var row = writer.Use("""
            SELECT (SELECT coalesce(sum(length(bytes)), 0) FROM content) + (SELECT coalesce(sum(length(bytes)), 0) FROM content_chunk)
            """);
        row.Step();
        return row.Number(0);
    });

    public override Task<SortedDictionary<string, long>> CountRowsAsync() => Store.Writes.RunAsync(writer =>
    {
        var counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        using var row = writer.Use("SELECT queue, count(*) FROM mail WHERE ended_at IS NULL GROUP BY queue");
        while (row.Step()) counts[row.Text(0)] = row.Number(1);
        return counts;
    });

    public override async ValueTask DisposeAsync()
    {
        if (_store is not null) await _store.DisposeAsync();
        _folder.Dispose();
    }

    private void Open()
    {
        _incarnation = StoreIncarnation.Create();
        _store = SqliteStore.Open(_options!, _incarnation, Time, NullLoggerFactory.Instance);
    }
}
