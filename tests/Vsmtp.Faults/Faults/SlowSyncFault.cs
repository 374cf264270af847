using Vsmtp.Faults.Running;

namespace Vsmtp.Faults.Faults;

/// <summary>Each sync of the store takes 200 to 500 ms.</summary>
internal sealed class SlowSyncFault : ShimFault
{
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(4);

    public override string Name => "slow disk";

    public override FaultSize Short => new(60, 2);

    public override FaultSize Long => new(2_000, 40);

    public override async Task<string> InjectAsync(FaultRun run)
    {
        var chance = run.Dice.For(Name);
        for (var i = 0; i < run.Size.Times; i++)
        {
            var delay = chance.Next(200, 500);
            await ForAWhileAsync(
                run, i, chance, Most, "a slow disk", (ref controls) => controls.SyncDelayMs = delay, (ref controls) => controls.SyncDelayMs = 0);
        }

        Assert.True(Shim.Now.SlowSyncs > 0, "No sync was slow.");
        return $"{Shim.Now.SlowSyncs} syncs of 200 to 500 ms";
    }
}
