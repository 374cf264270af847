using System.Diagnostics;
using Vsmtp.Faults.Running;
using Vsmtp.Faults.Shim;
using Vsmtp.Faults.Sites;

namespace Vsmtp.Faults.Faults;

/// <summary>A fault that is done between the server and the C library.</summary>
internal abstract class ShimFault : Fault
{
    private FaultShim? _shim;

    public override IReadOnlyList<StoreKind> Stores => [StoreKind.Sqlite];

    protected FaultShim Shim => _shim!;

    public override async Task PrepareAsync(FaultRun run)
    {
        _shim = await FaultShim.CreateAsync(run.Site.Site.Folder, run.Seed);
        foreach (var server in run.Site.Servers) _shim.PreloadInto(server);
    }

    public override ValueTask DisposeAsync()
    {
        _shim?.Dispose();
        return base.DisposeAsync();
    }

    /// <summary>For a while, mails coming and going; afterwards the server must go on.</summary>
    protected async Task ForAWhileAsync(FaultRun run, int round, Random chance, TimeSpan most, string why, FaultShim.Change begin, FaultShim.Change end)
    {
        await run.RoundAsync(round, chance);
        var since = Stopwatch.GetTimestamp();
        Shim.Set(begin);
        run.Release(round);
        await Task.Delay(most * (0.2 + (0.8 * chance.NextDouble())));
        Shim.Set(end);
        await run.GoesOnAsync();
        run.Ledger.Interrupted(why, since);
    }
}
