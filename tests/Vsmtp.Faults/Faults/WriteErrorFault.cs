using Vsmtp.Faults.Running;

namespace Vsmtp.Faults.Faults;

/// <summary>The disk says EIO to some of the writes and some of the syncs of the store.</summary>
internal sealed class WriteErrorFault : ShimFault
{
    private const int InputOutput = 5; // EIO
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(2);

    public override string Name => "I/O errors";

    public override FaultSize Short => new(80, 4);

    public override FaultSize Long => new(2_000, 60);

    public override async Task<string> InjectAsync(FaultRun run)
    {
        var chance = run.Dice.For(Name);
        for (var i = 0; i < run.Size.Times; i++)
        {
            // A failed sync is another case than a failed write, and the worse one: nobody knows what the disk has.
            var isSync = i % 2 == 1;
            var permille = chance.Next(20, 500);
            await ForAWhileAsync(
                run, i, chance, Most, "a disk with errors",
                (ref controls) =>
                {
                    if (isSync) (controls.SyncError, controls.SyncPermille) = (InputOutput, permille);
                    else (controls.WriteError, controls.WritePermille) = (InputOutput, permille);
                },
                (ref controls) => controls.SyncPermille = controls.WritePermille = 0);
        }

        var now = Shim.Now;
        Assert.True(now.FailedWrites > 0 && now.FailedSyncs > 0, "No write or no sync has failed.");
        return $"{now.FailedWrites} writes and {now.FailedSyncs} syncs failed; {run.Ledger.Restarts} restarts";
    }
}
