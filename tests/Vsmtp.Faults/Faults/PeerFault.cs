using Vsmtp.Faults.Peers;
using Vsmtp.Faults.Running;

namespace Vsmtp.Faults.Faults;

/// <summary>Services and smarthosts that hang, hang up, dawdle, refuse, and say nonsense, at each moment of a conversation.</summary>
internal abstract class PeerFault : Fault
{
    /// <summary>Longer than the server's patience with a service. Its patience with a smarthost is RFC 5321's: there the smarthost gives in.</summary>
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(2);

    /// <summary>Longer than any patience of RFC 5321 §4.5.3.2.</summary>
    private static readonly TimeSpan LongHang = TimeSpan.FromMinutes(11);

    public override string ServiceTimeout => "1s";

    public override int PatienceSeconds => 1_200;

    /// <remarks>
    /// Of many misdeeds not so many at once that hardly a conversation comes to its end: a service like that is left alone for minutes
    /// after each (its breaker is open), and a long form would take days.
    /// </remarks>
    protected static Misdeeds Trouble(FaultRun run, string who)
    {
        var trouble = new Misdeeds(run.Dice.For(who)) { Hang = Hang, OneIn = run.Size.Times > 1 ? 8 : 2 };
        trouble.Add(run.Size.Times);
        return trouble;
    }

    /// <summary>A smarthost that hangs once at each moment until the server gives up.</summary>
    protected static Misdeeds Deadlock(FaultRun run)
    {
        var trouble = new Misdeeds(run.Dice.For("deadlock")) { Hang = LongHang, Possible = [Misdeed.Hang] };
        trouble.Add(1);
        return trouble;
    }

    /// <summary>Lets mails go, a few at a time, until all misdeeds are done.</summary>
    protected static async Task SpendAsync(FaultRun run, params Misdeeds[] troubles)
    {
        const int handful = 10;
        for (var sent = handful; troubles.Any(trouble => trouble.Left > 0) && sent < run.Size.Mails; sent += handful)
        {
            run.Ledger.Flow.Release(sent);
            await run.DrainsAsync(sent);
        }

        foreach (var trouble in troubles) Assert.True(trouble.Done > 0, "Nothing was done wrong.");
    }
}
