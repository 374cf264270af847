using Vsmtp.Cli.Queues;
using Vsmtp.EndToEnd.Tests.Killing;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.Faults.Sites;

/// <summary>A server with its store, to which faults are done.</summary>
internal abstract partial class FaultSite(TestSite site) : IAsyncDisposable
{
    public TestSite Site { get; } = site;

    /// <summary>Its processes.</summary>
    public abstract IReadOnlyList<ServerProcess> Servers { get; }

    public LocalApiClient Api => Servers[^1].Api;

    public string Said => string.Join('\n', Servers.Select(server => $"-- {server.Socket}\n{server.Said}"));

    /// <summary>What is in the store, whoever runs.</summary>
    public abstract Task<StoreSnapshot> SnapshotAsync();

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var server in Servers) await server.DisposeAsync();
        Site.Dispose();
    }

    public static async Task<FaultSite> CreateAsync(StoreKind kind, TestSite site)
    {
        try
        {
            return kind switch
            {
                StoreKind.Sqlite => new SqliteFaultSite(site),
                StoreKind.Postgres => await PostgresFaultSite.StartAsync(site),
                _ => await CreateClusterAsync(site),
            };
        }
        catch
        {
            site.Dispose();
            throw;
        }
    }
}
