using Vsmtp.Faults.Peers;
using Vsmtp.Faults.Running;
using Vsmtp.Faults.Sites;

namespace Vsmtp.Faults.Faults;

/// <summary>The time of day jumps, forth and back, while mails sleep and wait for their next try; the database's own clock does not.</summary>
internal sealed class ClockFault : ShimFault
{
    private const long NsPerHour = 3_600_000_000_000;

    /// <summary>In hours. The last is the latest, so that in the end everything is due.</summary>
    private static readonly int[] Offsets = [1, 0, -1, 0, 48, 47, 49];

    public override string Name => "clock jumps";

    public override IReadOnlyList<StoreKind> Stores => [StoreKind.Sqlite, StoreKind.Postgres];

    public override FaultSize Short => new(84, Offsets.Length);

    public override FaultSize Long => new(2_100, Offsets.Length * 15);

    /// <summary>Longer than the jumps: that a time has passed is what a clock says, and then it has.</summary>
    public override string ServiceKeys => """
        proof: ["X-Virus-Scanned", "X-Virus-Infected"],
        retry: #{ first: "1s", max: "2s", give_up: "5d" },
        return_deadline: "5d",
        """;

    /// <summary>What has been delivered is forgotten after a day, and the day has passed.</summary>
    public override bool KeepsHistory => false;

    public override async Task<string> InjectAsync(FaultRun run)
    {
        var chance = run.Dice.For(Name);
        run.Scanner.Misdeeds = new Misdeeds(chance) { Possible = [Misdeed.Refuse], Moments = ["."], OneIn = 4 };
        run.Smarthost.Misdeeds = new Misdeeds(run.Dice.For(Name + " at the smarthost")) { Possible = [Misdeed.Refuse], Moments = ["."], OneIn = 4 };
        run.Scanner.Misdeeds.Add(run.Size.Times * 2);
        run.Smarthost.Misdeeds.Add(run.Size.Times * 2);
        for (var i = 0; i < run.Size.Times; i++)
        {
            await run.RoundAsync(i, chance);
            Shim.Set((ref controls) => controls.ClockOffsetNs = Offsets[i % Offsets.Length] * NsPerHour);
            run.Release(i);
            await run.GoesOnAsync();
        }

        return $"{run.Size.Times} jumps of one hour to two days, forth and back";
    }
}
