using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Orleans.Storage;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Queues;
using Vsmtp.Contracts.RuleSets;
using Vsmtp.Storage.Postgres;
using Vsmtp.Storage.Tests.Contract;

namespace Vsmtp.Storage.Tests.Postgres;

/// <summary>A store in a database of its own. The database's clock, which is the store's, is put into the test's hands.</summary>
public sealed class PostgresUnderTest(ClaimMode mode = ClaimMode.Exclusive) : StoreUnderTest
{
    private PostgresServer? _server;
    private NpgsqlConnection? _clock;
    private PostgresClaim? _claim;
    private PostgresStore? _store;
    private PostgresStoreOptions? _options;

    public PostgresStore Store => _store ?? throw new InvalidOperationException("Not open.");

    public PostgresClaim Claim => _claim ?? throw new InvalidOperationException("Not open.");

    public PostgresServer Server => _server ?? throw new InvalidOperationException("Not open.");

    public PostgresStoreOptions Options => _options ?? throw new InvalidOperationException("Not open.");

    public override StoreIncarnation Incarnation => Claim.Incarnation;

    public override IGrainStorage GrainStates => Store.GrainStates;

    public override IContentStore Contents => Store.Contents;

    public override IMailQueries Queries => Store.Queries;

    public override IWakeUps WakeUps => Store.WakeUps;

    public override IRuleSetStore RuleSets => Store.RuleSets;

    public static PostgresStoreOptions OptionsOf(int port, string database) => new()
    {
        Host = "127.0.0.1",
        Port = port,
        Database = database,
        User = PostgresServer.User,
        Password = PostgresServer.Password,
    };

    public override async Task OpenAsync(Func<StoreOptions, StoreOptions>? change = null)
    {
        await CloseAsync();
        _server ??= await PostgresServer.ShareAsync();
        var options = OptionsOf(_server.Port, _options?.Database ?? await _server.TakeDatabaseAsync());
        _options = change is null ? options : (PostgresStoreOptions)change(options);
        Open();
        await TakeClockAsync(_options.Database);
    }

    public override async Task RestartAsync()
    {
        await CloseAsync();
        Open();
    }

    public override Task<int> CollectAsync() => Store.CollectAsync(TestContext.Current.CancellationToken);

    public override Task<long> CountContentBytesAsync() => Store.Reads.FindAsync(
        """
        SELECT ((SELECT coalesce(sum(length(bytes)), 0) FROM content) + (SELECT coalesce(sum(length(bytes)), 0) FROM content_chunk))::bigint
        """,
        bind: null,
        static row => row.GetInt64(0),
        CancellationToken.None);

    public override async Task<SortedDictionary<string, long>> CountRowsAsync()
    {
        var rows = await Store.Reads.ListAsync(
            "SELECT queue, count(*) FROM mail WHERE ended_at IS NULL GROUP BY queue",
            bind: null,
            static row => KeyValuePair.Create(row.GetString(0), row.GetInt64(1)),
            CancellationToken.None);
        return new SortedDictionary<string, long>(rows.ToDictionary(), StringComparer.Ordinal);
    }

    public override async ValueTask DisposeAsync()
    {
        await CloseAsync();
        if (_clock is not null) await _clock.DisposeAsync();
        if (_options is not null) await Server.GiveBackAsync(_options.Database);
    }

    /// <summary>Gives the store free.</summary>
    public async Task CloseAsync()
    {
        if (_store is not null) await _store.DisposeAsync();
        _claim?.Dispose();
        if (_claim is not null) await AwaitEndAsync(Server, Options.Database, _claim.Incarnation);
    }

    /// <summary>Until the database has seen the end of all sessions of an incarnation. Who takes the store alone waits for that by itself.</summary>
    public static async Task AwaitEndAsync(PostgresServer server, string database, StoreIncarnation incarnation)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString(database));
        await connection.OpenAsync();
        await using var look = new NpgsqlCommand($"SELECT {IncarnationLock.HasEnded("$1")}", connection) { Parameters = { new() { Value = incarnation.Name } } };
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await look.ExecuteScalarAsync(patience.Token) is false) await Task.Delay(5, patience.Token);
    }

    private void Open()
    {
        _claim = PostgresClaim.Acquire(Options, mode);
        _store = PostgresStore.Open(Options, _claim, NullLoggerFactory.Instance, Time);
    }

    private async Task TakeClockAsync(string database)
    {
        if (_clock is not null) return;
        _clock = new NpgsqlConnection(Server.ConnectionString(database));
        await _clock.OpenAsync();
        Set($"CREATE TABLE vsmtp.test_clock AS SELECT {Micros(Time.GetUtcNow())}::bigint AS now");
        Set("CREATE OR REPLACE FUNCTION vsmtp.store_now() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT now FROM vsmtp.test_clock'");
        Time.Changed += now => Set($"UPDATE vsmtp.test_clock SET now = {Micros(now)}");
    }

    private void Set(string sql)
    {
        using var command = new NpgsqlCommand(sql, _clock);
        command.ExecuteNonQuery();
    }

    private static long Micros(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
