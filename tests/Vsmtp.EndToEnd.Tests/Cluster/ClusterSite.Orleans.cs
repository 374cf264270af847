using Npgsql;
using Vsmtp.EndToEnd.Tests.Killing;
using Vsmtp.EndToEnd.Tests.Postgres;
using Vsmtp.EndToEnd.Tests.Support;
using Vsmtp.Storage.Tests.Postgres;

namespace Vsmtp.EndToEnd.Tests.Cluster;

/// <summary>Silos and gateways, each a process of its own, over a PostgreSQL server of the test's own.</summary>
internal sealed class ClusterSite : IAsyncDisposable
{
    private readonly string _database;

    private ClusterSite(PostgresServer server, string database, TestSite site, int silos, int gateways)
    {
        Database = server;
        _database = database;
        Site = site;
        Url = PostgresSite.UrlOf(server, database);
        Silos = [.. Enumerable.Range(0, silos).Select(NewSilo)];
        Gateways = [.. Enumerable.Range(1, gateways).Select(NewGateway)];
    }

    public PostgresServer Database { get; }

    public TestSite Site { get; }

    /// <summary>Of the store; with the password.</summary>
    public string Url { get; }

    public ServerProcess[] Silos { get; }

    /// <summary>The first is at 127.0.0.1, the next at 127.0.0.2, each with the site's ports.</summary>
    public ServerProcess[] Gateways { get; }

    public IEnumerable<ServerProcess> All => [.. Silos, .. Gateways];

    /// <summary>What every process has said, for a test that fails.</summary>
    public string Said => string.Join('\n', All.Select(process => $"-- {process.Socket}\n{process.Said}"));

    /// <param name="site">Disposed with the cluster.</param>
    public static async Task<ClusterSite> CreateAsync(TestSite site, int silos = 2, int gateways = 1)
    {
        PostgresServer? server = null;
        try
        {
            server = await PostgresServer.StartNewAsync();
            return new ClusterSite(server, await server.TakeDatabaseAsync(), site, silos, gateways);
        }
        catch
        {
            if (server is not null) await server.DisposeAsync();
            site.Dispose();
            throw;
        }
    }

    public static async Task<ClusterSite> StartAsync(TestSite site, int silos = 2, int gateways = 1)
    {
        var cluster = await CreateAsync(site, silos, gateways);
        try
        {
            await Task.WhenAll(cluster.All.Select(process => process.StartAsync()));
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>What the store says, whoever runs.</summary>
    public Task<StoreSnapshot> SnapshotAsync() => PostgresSnapshot.TakeAsync(Database.ConnectionString(_database));

    /// <summary>A service has the mail, the store knows it, and no process is at work on it.</summary>
    public async Task<bool> IsAsleepAsync(string id) =>
        await AskAsync<long>($"SELECT count(*) FROM vsmtp.mail WHERE id = '{id}' AND queue = 'delegated' AND busy_by IS NULL") == 1;

    /// <summary>The one value of a query.</summary>
    public async Task<T> AskAsync<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(Database.ConnectionString(_database));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in All) await process.DisposeAsync();
        await Database.DisposeAsync();
        Site.Dispose();
    }

    private ServerProcess NewSilo(int number)
    {
        var ports = FreePorts.Take(2);
        return NewProcess("silo", $"silo{number}",
            $"server.cluster.silo_port={ports[0]}", $"server.cluster.gateway_port={ports[1]}", "server.dashboard.addr=");
    }

    private ServerProcess NewGateway(int number) => NewProcess("gateway", $"gateway{number}",
        $"server.interfaces.addr=[\"127.0.0.{number}:{Site.ClientPort}\", \"127.0.0.{number}:{Site.ReceiverPort}\"]");

    private ServerProcess NewProcess(string role, string name, params string[] settings)
    {
        string[] all =
        [
            .. settings, $"server.storage.url={Url}", $"server.api.socket=spool/{name}.sock", $"server.logs.filepath=log/{name}.log",
            $"app.logs.filepath=log/{name}-app.log",
        ];
        return new ServerProcess(Site, ["--role", role, .. all.SelectMany(setting => new[] { "--set", setting })]) { Socket = $"{name}.sock" };
    }
}
