using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.Faults.Sites;

internal abstract partial class FaultSite
{
    private static async Task<FaultSite> CreateClusterAsync(TestSite site) => await ClusterFaultSite.StartAsync(site);
}
