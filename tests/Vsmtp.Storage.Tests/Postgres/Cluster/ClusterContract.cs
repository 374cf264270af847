using Vsmtp.Storage.Postgres.Cluster;

namespace Vsmtp.Storage.Tests.Postgres.Cluster;

/// <summary>What the tests of the stored queries share: a database with the tables, and short ways to bind what the providers bind.</summary>
public abstract class ClusterContract : IAsyncLifetime
{
    private PostgresServer _server = null!;

    protected PostgresStoreOptions Options { get; private set; } = null!;

    private protected ProviderQueries Queries { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await PostgresServer.ShareAsync();
        Options = PostgresUnderTest.OptionsOf(_server.Port, await _server.TakeDatabaseAsync());
        ClusterTables.Prepare(Options);
        Queries = await ProviderQueries.LoadAsync(Options, ClusterUse.Membership);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.GiveBackAsync(Options.Database);
        GC.SuppressFinalize(this);
    }

    protected Task<IAsyncDisposable> PreferAsync(string isolation) => _server.PreferAsync(Options.Database, isolation);

    protected Task RunAsync(string sql) => _server.RunAsync(Options.Database, sql);

    protected static (string, object?, Type) Text(string name, string? value) => (name, value, typeof(string));

    protected static (string, object?, Type) Number(string name, int? value) => (name, value, typeof(int));

    protected static (string, object?, Type) Large(string name, long value) => (name, value, typeof(long));

    protected static (string, object?, Type) Time(string name, DateTime value) => (name, value, typeof(DateTime));

    protected static (string, object?, Type) Bytes(string name, byte[]? value) => (name, value, typeof(byte[]));
}
