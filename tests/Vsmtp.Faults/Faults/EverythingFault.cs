using Vsmtp.Faults.Peers;
using Vsmtp.Faults.Running;

namespace Vsmtp.Faults.Faults;

/// <summary>A bad service, a bad smarthost, and kill -9, all at once.</summary>
internal sealed class EverythingFault : PeerFault
{
    private const int KillsPerTime = 3;
    private static readonly TimeSpan MostBetweenKills = TimeSpan.FromSeconds(3);

    public override string Name => "everything";

    public override FaultSize Short => new(120, 1);

    public override FaultSize Long => new(4_000, 20);

    public override async Task<string> InjectAsync(FaultRun run)
    {
        var chance = run.Dice.For(Name);
        var service = run.Scanner.Misdeeds = Trouble(run, "service");
        var smarthost = run.Smarthost.Misdeeds = Trouble(run, "smarthost");
        var meddling = run.Scanner.Meddling = new Meddling();
        var spending = SpendAsync(run, service, smarthost);
        var kills = 0;
        for (; kills < run.Size.Times * KillsPerTime && !spending.IsCompleted; kills++)
        {
            await Task.Delay(MostBetweenKills * chance.NextDouble());
            var server = run.Site.Servers[chance.Next(run.Site.Servers.Count)];
            using var held = await run.HoldAsync(server);
            await run.KillAsync(server, "kill -9");
            await server.StartAsync();
        }

        await spending;
        return $"{kills} kills, {service.Done + smarthost.Done} conversations broken, {meddling.Done} mails meddled with";
    }
}
