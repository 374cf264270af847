using Vsmtp.EndToEnd.Tests.Killing;
using Vsmtp.EndToEnd.Tests.Postgres;
using Vsmtp.EndToEnd.Tests.Support;
using Vsmtp.Storage.Tests.Postgres;

namespace Vsmtp.Faults.Sites;

/// <summary>One process on a PostgreSQL server of its own.</summary>
internal sealed class PostgresFaultSite : FaultSite, IPostgresSite
{
    private readonly string _database;

    private PostgresFaultSite(TestSite site, PostgresServer server, string database)
        : base(site)
    {
        Database = server;
        _database = database;
        Servers = [new ServerProcess(site, "--set", $"server.storage.url={PostgresSite.UrlOf(server, database)}")];
    }

    public override IReadOnlyList<ServerProcess> Servers { get; }

    public PostgresServer Database { get; }

    public static async Task<PostgresFaultSite> StartAsync(TestSite site)
    {
        var server = await PostgresServer.StartNewAsync();
        try
        {
            return new PostgresFaultSite(site, server, await server.TakeDatabaseAsync());
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public override Task<StoreSnapshot> SnapshotAsync() => PostgresSnapshot.TakeAsync(Database.ConnectionString(_database));

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Database.DisposeAsync();
    }
}
