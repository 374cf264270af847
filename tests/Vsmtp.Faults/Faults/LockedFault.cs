using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Vsmtp.Faults.Running;
using Vsmtp.Faults.Sites;

namespace Vsmtp.Faults.Faults;

/// <summary>Somebody else's program has the SQLite file: for writing, so that the server cannot, or for a long read, so that the log grows.</summary>
internal sealed class LockedFault : Fault
{
    /// <summary>The server waits 10 s for the file.</summary>
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(14);

    private static readonly TimeSpan MostInShort = TimeSpan.FromSeconds(3);

    public override string Name => "SQLite file locked";

    public override IReadOnlyList<StoreKind> Stores => [StoreKind.Sqlite];

    public override FaultSize Short => new(60, 2);

    public override FaultSize Long => new(1_500, 30);

    public override async Task<string> InjectAsync(FaultRun run)
    {
        var chance = run.Dice.For(Name);
        var most = run.Size == Short ? MostInShort : Most;
        for (var i = 0; i < run.Size.Times; i++)
        {
            await run.RoundAsync(i, chance);
            var since = Stopwatch.GetTimestamp();
            await using (await LockAsync(((SqliteFaultSite)run.Site).StoreFile, forWriting: i % 2 == 0))
            {
                run.Release(i);
                await Task.Delay(most * (0.2 + (0.8 * chance.NextDouble())));
            }

            await run.GoesOnAsync();
            run.Ledger.Interrupted("a locked store", since);
        }

        return $"locked {run.Size.Times} times, for up to {most.TotalSeconds:F0} s";
    }

    /// <summary>Until the connection's disposal.</summary>
    private static async Task<SqliteConnection> LockAsync(string file, bool forWriting)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        await connection.OpenAsync();
        await using var begin = connection.CreateCommand();
        begin.CommandText = forWriting ? "BEGIN EXCLUSIVE" : "BEGIN; SELECT count(*) FROM mail";
        await begin.ExecuteNonQueryAsync();
        return connection;
    }
}
