using System.Diagnostics;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Killing;

/// <summary>A mail gateway with a virus scanner that is killed again and again while mails are everywhere in it.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int MailCount = 1_000;
    private const int ClientCount = 4;
    private const int Rounds = 3;

    /// <summary>One round; receiving, sending and returning have two kills in each, and so has delivery.</summary>
    private static readonly KillMoment[] Round =
    [
        KillMoment.WithinData, KillMoment.BeforeMail, KillMoment.BeforeReturnReply, KillMoment.RelayTook,
        KillMoment.AtDot, KillMoment.BeforeMail, KillMoment.AtReturnDot, KillMoment.RelayLost,
    ];

    private readonly KillPoints _points = new();
    private readonly KilledMails _mails = new(MailCount);

    [Fact]
    public async Task Killed_24_times_over_1000_mails_it_loses_none_and_delivers_none_unscanned()
    {
        ClamStack.RequireInstalled();
        using var site = new TestSite(KilledMails.Rules);
        site.WriteService(KilledMails.ServiceKeys);
        var inner = FreePorts.Take(2);
        await using var clam = new ClamStack(scannerPort: inner[0], receiverPort: inner[1]);
        await using var toScanner = new SmtpTap(site.ServicePort, inner[0]) { OnLine = _points.BeforeMailAsync };
        await using var toReceiver = new SmtpTap(inner[1], site.ReceiverPort)
        {
            OnLine = _points.AtReturnDotAsync,
            OnReplyToDot = _points.BeforeReturnReplyAsync,
        };
        await using var relay = new ScriptedServer(site.RelayPort) { OnMail = _points.TakeAsync };
        await using var server = new ServerProcess(site);
        await clam.StartAsync();
        await server.StartAsync();

        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        _mails.Release(MailCount);
        var sending = _mails.SendAsync(site.ClientPort, ClientCount, _points.Switch, giveUp.Token);
        try
        {
            await KillAsync(server, Path.Combine(site.Folder, "spool", "vsmtp.db"));
            await sending;
        }
        finally
        {
            await giveUp.CancelAsync();
        }

        await MailFlow.RestsAsync(server.Api);
        output.WriteLine(await _mails.JudgeAsync(server.Api, relay));
        Assert.Equal(0, await server.StopAsync());
        Assert.Equal("ok", StoreSnapshot.Take(Path.Combine(site.Folder, "spool", "vsmtp.db")).Integrity);
    }

    /// <summary>All kills, spread over the mails.</summary>
    private async Task KillAsync(ServerProcess server, string store)
    {
        var moments = Enumerable.Repeat(Round, Rounds).SelectMany(moment => moment).ToArray();
        for (var i = 0; i < moments.Length; i++)
        {
            var share = MailCount * (i + 1) / (moments.Length + 2);
            await Patience.UntilAsync(() => _mails.Accepted.Length >= share, $"{share} mails accepted", () => server.Said);
            var clock = Stopwatch.StartNew();
            var isDead = await _points.Switch.ReachAsync(moments[i], TimeSpan.FromSeconds(60));
            var accepted = _mails.Accepted;
            await server.KillAsync();
            isDead();

            var left = StoreSnapshot.Take(store);
            Assert.Equal("ok", left.Integrity);
            Assert.Empty(accepted.Except(left.QueueOf.Keys));  // design rule 1: 250 means durable
            left.AssertCountersAddUp();
            _mails.DeliveringAtKills.Add(left.Delivering);
            await server.StartAsync();
            output.WriteLine($"kill {i + 1}, {moments[i]}: {accepted.Length} accepted, {left.Delivering.Count} to be delivered; {clock.ElapsedMilliseconds} ms");
        }
    }
}
