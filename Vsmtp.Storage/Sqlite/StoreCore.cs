using Vsmtp.Storage.Contents;
using Vsmtp.Storage.Sqlite.Contents;
using Vsmtp.Storage.Sqlite.Writing;

namespace Vsmtp.Storage.Sqlite;

/// <summary>What all ports of one open store share.</summary>
/// <param name="Writes">The one way to write.</param>
/// <param name="Readers">The one way to read.</param>
/// <param name="Staged">How much is staged.</param>
/// <param name="Time">The store's time.</param>
/// <param name="Incarnation">This process.</param>
internal sealed record StoreCore(
    GroupCommit Writes, ReaderPool Readers, StagedBytes Staged, TimeProvider Time, StoreIncarnation Incarnation)
{
    public RecentContents Recent { get; } = new();
}
