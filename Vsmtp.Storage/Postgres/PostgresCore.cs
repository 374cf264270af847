using Vsmtp.Storage.Contents;
using Vsmtp.Storage.Postgres.Writing;

namespace Vsmtp.Storage.Postgres;

/// <summary>What all ports of one open store share.</summary>
/// <param name="Writes">The one way to write what moves counters.</param>
/// <param name="ChunkWrites">The way of larger contents, so that mails do not wait behind them.</param>
/// <param name="Reads">All else.</param>
/// <param name="Staged">How much is staged.</param>
/// <param name="Claim">Whose store it is: this process's, alone or with others.</param>
/// <param name="Time">By which this process's grains say when; the store's own time is the database's.</param>
internal sealed record PostgresCore(
    PostgresGroupCommit Writes, PostgresGroupCommit ChunkWrites, PostgresReads Reads, StagedBytes Staged, PostgresClaim Claim,
    TimeProvider Time)
{
    public StoreIncarnation Incarnation => Claim.Incarnation;

    public RecentContents Recent { get; } = new();

    /// <summary>An SQL condition, see <see cref="PostgresClaim.HasEnded"/>.</summary>
    public string HasEnded(string name) => Claim.HasEnded(name);
}
