using System.Collections.Concurrent;
using System.Diagnostics;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Killing;

/// <summary>A mail gateway with a virus scanner that is killed again and again while mails are everywhere in it.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int MailCount = 1_000;
    private const int ClientCount = 4;
    private const int Rounds = 3;

    private const string Rules = """
        import "service" as service;

        #{
            postq: [
                delegate service::clamsmtpd "check email for virus" || {
                    if has_header("X-Virus-Infected") { quarantine("virus_q") } else { next() }
                },
            ],
        }
        """;

    /// <summary>One round; receiving, sending and returning have two kills in each, and so has delivery.</summary>
    private static readonly KillMoment[] Round =
    [
        KillMoment.WithinData, KillMoment.BeforeMail, KillMoment.BeforeReturnReply, KillMoment.RelayTook,
        KillMoment.AtDot, KillMoment.BeforeMail, KillMoment.AtReturnDot, KillMoment.RelayLost,
    ];

    private readonly KillSwitch _kills = new();
    private readonly TestMail[] _mails = [.. Enumerable.Range(0, MailCount).Select(number => new TestMail(number))];
    private readonly List<HashSet<string>> _deliveringAtKills = [];

    [Fact]
    public async Task Killed_24_times_over_1000_mails_it_loses_none_and_delivers_none_unscanned()
    {
        ClamStack.RequireInstalled();
        using var site = new TestSite(Rules);
        site.WriteService("""
            proof: ["X-Virus-Scanned", "X-Virus-Infected"],
            retry: #{ first: "1s", max: "2s", give_up: "1h" },
            """);
        var inner = FreePorts.Take(2);
        await using var clam = new ClamStack(scannerPort: inner[0], receiverPort: inner[1]);
        await using var toScanner = new SmtpTap(site.ServicePort, inner[0]) { OnLine = BeforeMailAsync };
        await using var toReceiver = new SmtpTap(inner[1], site.ReceiverPort) { OnLine = AtReturnDotAsync, OnReplyToDot = BeforeReturnReplyAsync };
        await using var relay = new ScriptedServer(site.RelayPort) { OnMail = TakeAsync };
        await using var server = new ServerProcess(site);
        await clam.StartAsync();
        await server.StartAsync();

        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var queue = new ConcurrentQueue<TestMail>(_mails);
        var clients = Enumerable.Range(0, ClientCount)
            .Select(_ => new PersistentClient(site.ClientPort, queue, _kills).SendAllAsync(giveUp.Token)).ToArray();
        try
        {
            await KillAsync(server, Path.Combine(site.Folder, "spool", "vsmtp.db"));
            await Task.WhenAll(clients);
        }
        finally
        {
            await giveUp.CancelAsync();
        }

        await RestsAsync(server);
        await JudgeAsync(server, relay);
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
            await Patience.UntilAsync(() => _mails.Count(mail => mail.AcceptedAs is not null) >= share, $"{share} mails accepted", () => server.Said);
            var clock = Stopwatch.StartNew();
            var isDead = await _kills.ReachAsync(moments[i], TimeSpan.FromSeconds(60));
            var accepted = _mails.Select(mail => mail.AcceptedAs).OfType<string>().ToArray();
            await server.KillAsync();
            isDead();

            var left = StoreSnapshot.Take(store);
            Assert.Equal("ok", left.Integrity);
            Assert.Empty(accepted.Except(left.QueueOf.Keys));  // design rule 1: 250 means durable
            left.AssertCountersAddUp();
            _deliveringAtKills.Add(left.Delivering);
            await server.StartAsync();
            output.WriteLine($"kill {i + 1}, {moments[i]}: {accepted.Length} accepted, {left.Delivering.Count} to be delivered; {clock.ElapsedMilliseconds} ms");
        }
    }

    private static Task RestsAsync(ServerProcess server) => Patience.UntilAsync(
        async () => (await server.Api.ListAsync(queue: null))
            .All(mail => mail.Queue is not ("working" or "delegated" or "deliver" or "deferred")),
        "all queues at rest", () => string.Join('\n', server.Api.ListAsync(queue: null).Result.Take(20)), seconds: 120);

    private async Task JudgeAsync(ServerProcess server, ScriptedServer relay)
    {
        var infected = _mails.Where(mail => mail.IsInfected).Select(mail => mail.Id).ToHashSet();
        var delivered = relay.Mails.ToLookup(mail => mail.Header(TestMail.IdHeader)!);
        var kept = await server.Api.ListAsync(queue: null);

        // Nothing unscanned, nothing infected, nothing lost, nothing in any other place.
        Assert.All(relay.Mails, mail => Assert.Equal("ClamAV using ClamSMTP", mail.Header("X-Virus-Scanned")));
        Assert.DoesNotContain(infected, delivered.Contains);
        Assert.Empty(_mails.Where(mail => !mail.IsInfected && !delivered.Contains(mail.Id)).Select(mail => mail.Id));
        Assert.All(kept, mail => Assert.Equal("quarantine/virus_q", mail.Queue));
        Assert.Equal(infected.Order(), kept.Select(mail => mail.Subject["mail ".Length..]).Distinct().Order());
        foreach (var mail in _mails)
        {
            var found = (await server.Api.FindAsync(mail.AcceptedAs!))!.Mail;
            Assert.Equal(mail.IsInfected ? "quarantine/virus_q" : "delivered", found.Queue);
        }

        // One mail of a client's is one of ours for each time that it heard nothing, and one of ours goes out twice only over a kill.
        var taken = relay.Mails.GroupBy(IdOf).ToDictionary(group => group.Key, group => group.Count());
        foreach (var mail in _mails)
        {
            var accepted = delivered[mail.Id].Select(IdOf).Distinct().Count() + kept.Count(one => one.Subject == $"mail {mail.Id}");
            Assert.InRange(accepted, 1, 1 + mail.UncertainSends);
        }

        Assert.All(taken, one => Assert.InRange(one.Value, 1, 1 + _deliveringAtKills.Count(kill => kill.Contains(one.Key))));
        var twice = taken.Values.Sum(count => count - 1);
        output.WriteLine($"{_mails.Length} mails, {_mails.Sum(mail => mail.UncertainSends)} sends without an answer, "
            + $"{taken.Count} delivered and {kept.Length} quarantined, {twice} delivered twice");
    }

    private static string IdOf(ReceivedMail mail) => mail.Header("Received")!.Split(" id ")[1].Split(';')[0];

    private async ValueTask<bool> BeforeMailAsync(ReadOnlyMemory<byte> line) =>
        !line.Span.StartsWith("MAIL FROM:"u8) || !await IsKilledAsync(KillMoment.BeforeMail);

    private async ValueTask<bool> BeforeReturnReplyAsync(ReadOnlyMemory<byte> line) =>
        !line.Span.StartsWith("250"u8) || !await IsKilledAsync(KillMoment.BeforeReturnReply);

    /// <summary>The dot goes on while the kill is under way: which of them is first is left open.</summary>
    private ValueTask<bool> AtReturnDotAsync(ReadOnlyMemory<byte> line)
    {
        if (line.Span.SequenceEqual(".\r\n"u8)) _kills.At(KillMoment.AtReturnDot);
        return ValueTask.FromResult(true);
    }

    private async Task<string?> TakeAsync(ReceivedMail mail)
    {
        if (await IsKilledAsync(KillMoment.RelayLost)) return null;
        await IsKilledAsync(KillMoment.RelayTook);
        return "250 2.0.0 Taken";
    }

    private async Task<bool> IsKilledAsync(KillMoment moment)
    {
        if (_kills.At(moment) is not { } killed) return false;
        await killed;
        return true;
    }
}
