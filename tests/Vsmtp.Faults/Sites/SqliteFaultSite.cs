using Vsmtp.EndToEnd.Tests.Killing;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.Faults.Sites;

/// <summary>One process on a file.</summary>
internal sealed class SqliteFaultSite(TestSite site) : FaultSite(site)
{
    public override IReadOnlyList<ServerProcess> Servers { get; } = [new ServerProcess(site)];

    public string StoreFile => Path.Combine(Site.Folder, Site.Spool, "vsmtp.db");

    public override Task<StoreSnapshot> SnapshotAsync() => Task.FromResult(StoreSnapshot.Take(StoreFile));
}
