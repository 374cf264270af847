using Vsmtp.Faults.Running;

namespace Vsmtp.Faults.Faults;

/// <summary>The smarthost does all it can do wrong.</summary>
internal sealed class SmarthostFault : PeerFault
{
    public override string Name => "bad smarthost";

    public override FaultSize Short => new(120, 1);

    public override FaultSize Long => new(3_000, 15);

    public override async Task<string> InjectAsync(FaultRun run)
    {
        var done = 0;
        if (run.Size == Long)
        {
            var deadlock = run.Smarthost.Misdeeds = Deadlock(run);
            await SpendAsync(run, deadlock);
            done = deadlock.Done;
        }

        var trouble = run.Smarthost.Misdeeds = Trouble(run, "smarthost");
        await SpendAsync(run, trouble);
        return $"{done + trouble.Done} conversations broken" + (done > 0 ? $", {done} of them by 11 minutes of silence" : "");
    }
}
