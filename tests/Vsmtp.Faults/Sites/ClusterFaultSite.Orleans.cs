using System.Diagnostics.CodeAnalysis;
using Vsmtp.EndToEnd.Tests.Cluster;
using Vsmtp.EndToEnd.Tests.Killing;
using Vsmtp.EndToEnd.Tests.Support;
using Vsmtp.Storage.Tests.Postgres;

namespace Vsmtp.Faults.Sites;

/// <summary>Two silos and a gateway on PostgreSQL.</summary>
internal sealed class ClusterFaultSite : FaultSite, IPostgresSite
{
    private readonly ClusterSite _cluster;

    private ClusterFaultSite(ClusterSite cluster)
        : base(cluster.Site)
    {
        _cluster = cluster;
        Servers = [.. cluster.All];
    }

    public override IReadOnlyList<ServerProcess> Servers { get; }

    public PostgresServer Database => _cluster.Database;

    public static async Task<ClusterFaultSite> StartAsync(TestSite site) => new(await ClusterSite.CreateAsync(site));

    public override Task<StoreSnapshot> SnapshotAsync() => _cluster.SnapshotAsync();

    [SuppressMessage("Usage", "CA2215", Justification = "The cluster ends its processes and removes the site.")]
    public override ValueTask DisposeAsync() => _cluster.DisposeAsync();
}
