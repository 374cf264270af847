using System.Diagnostics;
using Vsmtp.Faults.Running;
using Vsmtp.Faults.Sites;

namespace Vsmtp.Faults.Faults;

/// <summary>PostgreSQL dies for good, and its synchronous standby takes its place and address.</summary>
internal sealed class PostgresFailoverFault : Fault
{
    public override string Name => "PostgreSQL failed over";

    public override IReadOnlyList<StoreKind> Stores => [StoreKind.Postgres, StoreKind.Cluster];

    public override bool IsTestedOnPostgres => true;

    public override FaultSize Short => new(40, 1);

    public override FaultSize Long => new(1_000, 15);

    public override Task PrepareAsync(FaultRun run) => ((IPostgresSite)run.Site).Database.StartStandbyAsync();

    public override async Task<string> InjectAsync(FaultRun run)
    {
        var chance = run.Dice.For(Name);
        var database = ((IPostgresSite)run.Site).Database;
        for (var i = 0; i < run.Size.Times; i++)
        {
            await run.RoundAsync(i, chance);
            if (i > 0) await database.StartStandbyAsync();
            var since = Stopwatch.GetTimestamp();
            run.Release(i);
            await database.FailOverAsync();
            await run.GoesOnAsync();
            run.Ledger.Interrupted("a failover of the database", since);
        }

        return $"{run.Size.Times} failovers; {run.Ledger.Restarts} restarts of the server";
    }
}
