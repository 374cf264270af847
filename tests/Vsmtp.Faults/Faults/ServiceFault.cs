using Vsmtp.Faults.Peers;
using Vsmtp.Faults.Running;

namespace Vsmtp.Faults.Faults;

/// <summary>The service does all it can do wrong, to us and to the mails.</summary>
internal sealed class ServiceFault : PeerFault
{
    public override string Name => "bad service";

    public override FaultSize Short => new(120, 1);

    public override FaultSize Long => new(3_000, 15);

    public override async Task<string> InjectAsync(FaultRun run)
    {
        var trouble = run.Scanner.Misdeeds = Trouble(run, "service");
        var meddling = run.Scanner.Meddling = new Meddling();
        await SpendAsync(run, trouble);
        return $"{trouble.Done} conversations broken, {meddling.Done} mails changed, returned several times or without proof";
    }
}
