using System.Diagnostics;
using Vsmtp.EndToEnd.Tests.Support;
using Vsmtp.Faults.Running;
using Vsmtp.Faults.Shim;

namespace Vsmtp.Faults.Faults;

/// <summary>The power goes in the midst of a write or before a sync of the store, at any of them.</summary>
internal sealed class PowerCutFault(PowerCut cut) : ShimFault
{
    private const int MostOperations = 60;

    public override string Name => cut is PowerCut.TornWrite ? "torn last page" : "power cut, unsynced writes lost";

    public override FaultSize Short => new(80, 5);

    public override FaultSize Long => new(3_000, 120);

    public override async Task PrepareAsync(FaultRun run)
    {
        await base.PrepareAsync(run);
        Shim.Set((ref controls) => controls.CutKind = (int)cut);
    }

    public override async Task<string> InjectAsync(FaultRun run)
    {
        var chance = run.Dice.For(Name);
        var server = run.Site.Servers[0];
        for (var i = 0; i < run.Size.Times; i++)
        {
            await run.RoundAsync(i, chance);
            using var held = await run.HoldAsync(server);
            var since = Stopwatch.GetTimestamp();
            Shim.Set((ref controls) => controls.CutAfter = chance.Next(1, MostOperations));
            run.Release(i);
            await Patience.UntilAsync(() => !server.IsRunning, "the power cut", () => server.Said);
            await run.DiedAsync("a power cut", run.Ledger.Flow.Accepted, since);
            await server.StartAsync();
        }

        var lost = Shim.Now.UndoneWrites;
        if (cut is PowerCut.TornWrite) return $"{run.Size.Times} cuts";
        Assert.True(lost > 0, "No write was lost.");
        return $"{run.Size.Times} cuts, {lost} writes lost or torn";
    }
}
