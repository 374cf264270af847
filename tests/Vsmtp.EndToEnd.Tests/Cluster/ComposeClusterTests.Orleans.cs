using Vsmtp.EndToEnd.Tests.Compose;

namespace Vsmtp.EndToEnd.Tests.Cluster;

/// <summary>The cluster as docker-compose.yml describes it: balancer, two gateways, two silos, PostgreSQL, scanner.</summary>
public sealed class ComposeClusterTests
{
    [Fact]
    public async Task The_cluster_profile_delivers_a_clean_mail_and_quarantines_an_infected_one() => await LocalCluster.CheckAsync("cluster");
}
