using Vsmtp.EndToEnd.Tests.Support;
using Vsmtp.Storage.Tests.Postgres;

namespace Vsmtp.EndToEnd.Tests.Postgres;

/// <summary>The tutorial's rules on a PostgreSQL server of the test's own.</summary>
internal sealed class PostgresSite : IAsyncDisposable
{
    private PostgresSite(PostgresServer database, string url, RunningSite site)
    {
        Database = database;
        Url = url;
        Site = site;
    }

    public PostgresServer Database { get; }

    /// <summary>With the password.</summary>
    public string Url { get; }

    public RunningSite Site { get; }

    public static async Task<PostgresSite> StartAsync()
    {
        var database = await PostgresServer.StartNewAsync();
        try
        {
            var url = UrlOf(database, await database.TakeDatabaseAsync());
            var site = await RunningSite.StartAsync(
                TutorialRules.Main, "retry: #{ first: \"1s\", max: \"1s\", give_up: \"1h\" },", extraToml: Toml(url));
            return new PostgresSite(database, url, site);
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>As the server is told where its store is; with the password.</summary>
    public static string UrlOf(PostgresServer server, string database) =>
        $"postgres://{PostgresServer.User}:{Uri.EscapeDataString(PostgresServer.Password)}@127.0.0.1:{server.Port}/{database}?sslmode=disable";

    public static string Toml(string url) => $"[server.storage]\nurl = \"{url}\"\n";

    public async ValueTask DisposeAsync()
    {
        await Site.DisposeAsync();
        await Database.DisposeAsync();
    }
}
