using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.Faults.Sites;

internal abstract partial class FaultSite
{
    private static Task<FaultSite> CreateClusterAsync(TestSite site) =>
        throw new NotSupportedException($"{site.Folder}: a cluster needs the Orleans build.");
}
