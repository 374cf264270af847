using System.Diagnostics;
using Vsmtp.Faults.Running;
using Vsmtp.Faults.Sites;

namespace Vsmtp.Faults.Faults;

/// <summary>PostgreSQL is stopped in the midst of everything, at once or by kill -9, and started again.</summary>
internal sealed class PostgresStopFault : Fault
{
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(2);

    public override string Name => "PostgreSQL stopped";

    public override IReadOnlyList<StoreKind> Stores => [StoreKind.Postgres, StoreKind.Cluster];

    public override bool IsTestedOnPostgres => true;

    public override FaultSize Short => new(60, 2);

    public override FaultSize Long => new(2_000, 40);

    public override async Task<string> InjectAsync(FaultRun run)
    {
        var chance = run.Dice.For(Name);
        var database = ((IPostgresSite)run.Site).Database;
        for (var i = 0; i < run.Size.Times; i++)
        {
            await run.RoundAsync(i, chance);
            var since = Stopwatch.GetTimestamp();
            run.Release(i);
            if (i % 2 == 0) await database.StopImmediatelyAsync();
            else database.Kill();
            await Task.Delay(Most * chance.NextDouble());
            await database.StartAsync();
            await run.GoesOnAsync();
            run.Ledger.Interrupted("a stop of the database", since);
        }

        return $"{run.Size.Times} stops; {run.Ledger.Restarts} restarts of the server";
    }
}
