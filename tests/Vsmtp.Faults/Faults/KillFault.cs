using Vsmtp.Faults.Running;

namespace Vsmtp.Faults.Faults;

/// <summary>kill -9 at any moment, of one process after the other, and now and then again while it starts.</summary>
internal sealed class KillFault : Fault
{
    private const int MostDelayMs = 100;
    private const int MostStartMs = 800;

    public override string Name => "kill -9";

    public override bool IsTestedOnPostgres => true;

    public override FaultSize Short => new(150, 8);

    public override FaultSize Long => new(5_000, 200);

    public override async Task<string> InjectAsync(FaultRun run)
    {
        var chance = run.Dice.For(Name);
        var starts = 0;
        for (var i = 0; i < run.Size.Times; i++)
        {
            await run.RoundAsync(i, chance);
            run.Release(i);
            await Task.Delay(chance.Next(MostDelayMs));
            var server = run.Site.Servers[chance.Next(run.Site.Servers.Count)];
            using var held = await run.HoldAsync(server);
            await run.KillAsync(server, "kill -9");
            if (chance.Next(8) == 0)
            {
                starts++;
                await run.KillWhileStartingAsync(server, TimeSpan.FromMilliseconds(chance.Next(MostStartMs)));
            }

            await server.StartAsync();
        }

        return $"{run.Size.Times + starts} kills, {starts} of them of a server that was starting";
    }
}
