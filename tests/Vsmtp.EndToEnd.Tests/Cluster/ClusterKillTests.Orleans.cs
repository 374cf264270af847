using System.Diagnostics;
using Vsmtp.EndToEnd.Tests.Killing;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Cluster;

/// <summary>Two silos and a gateway, of which one after the other is killed while mails are everywhere in them.</summary>
public sealed class ClusterKillTests(ITestOutputHelper output)
{
    private const int MailCount = 1_000;
    private const int ClientCount = 4;

    private static readonly KillMoment[] Moments =
    [
        KillMoment.WithinData, KillMoment.BeforeMail, KillMoment.BeforeReturnReply, KillMoment.RelayTook, KillMoment.AtDot, KillMoment.AtReturnDot,
    ];

    private readonly KillPoints _points = new();
    private readonly KilledMails _mails = new(MailCount);

    [Fact]
    public async Task Silos_and_gateway_killed_18_times_over_1000_mails_lose_none_and_deliver_none_unscanned()
    {
        ClamStack.RequireInstalled();
        var site = new TestSite(KilledMails.Rules);
        site.WriteService(KilledMails.ServiceKeys);
        await using var cluster = await ClusterSite.StartAsync(site);
        var inner = FreePorts.Take(2);
        await using var clam = new ClamStack(scannerPort: inner[0], receiverPort: inner[1]);
        await using var toScanner = new SmtpTap(site.ServicePort, inner[0]) { OnLine = _points.BeforeMailAsync };
        await using var toReceiver = new SmtpTap(inner[1], site.ReceiverPort)
        {
            OnLine = _points.AtReturnDotAsync,
            OnReplyToDot = _points.BeforeReturnReplyAsync,
        };
        await using var relay = new ScriptedServer(site.RelayPort) { OnMail = _points.TakeAsync };
        await clam.StartAsync();

        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var sending = _mails.SendAsync(site.ClientPort, ClientCount, _points.Switch, giveUp.Token);
        try
        {
            await KillAsync(cluster);
            await sending;
        }
        finally
        {
            await giveUp.CancelAsync();
        }

        await MailFlow.RestsAsync(cluster.Gateways[0].Api, () => cluster.Said);
        output.WriteLine(await _mails.JudgeAsync(cluster.Gateways[0].Api, relay));
        (await cluster.SnapshotAsync()).AssertCountersAddUp();
        foreach (var process in cluster.All) Assert.Equal(0, await process.StopAsync());
    }

    /// <summary>Each moment with each of the processes, spread over the mails.</summary>
    private async Task KillAsync(ClusterSite cluster)
    {
        var kills = Moments.SelectMany(_ => cluster.All, (moment, victim) => (Moment: moment, Victim: victim)).ToArray();
        for (var i = 0; i < kills.Length; i++)
        {
            // The others go on while one is dead: so that there are mails for the last kill too, each has its share.
            _mails.Release((i + 1) * (MailCount / kills.Length));
            var clock = Stopwatch.StartNew();
            var isDead = await _points.Switch.ReachAsync(kills[i].Moment, TimeSpan.FromSeconds(120));
            var accepted = _mails.Accepted;
            await kills[i].Victim.KillAsync();
            // Before those who waited at the moment go on: a delivery that was under way may be made again.
            var left = await cluster.SnapshotAsync();
            isDead();

            Assert.Empty(accepted.Except(left.QueueOf.Keys));  // design rule 1: 250 means durable
            _mails.DeliveringAtKills.Add(left.Delivering);
            await kills[i].Victim.StartAsync();
            output.WriteLine($"kill {i + 1}, {kills[i].Victim.Socket}, {kills[i].Moment}: {accepted.Length} accepted, "
                + $"{left.Delivering.Count} to be delivered; {clock.ElapsedMilliseconds} ms");
        }

        _mails.Release(MailCount);
    }
}
