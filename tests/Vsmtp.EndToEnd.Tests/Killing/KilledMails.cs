using System.Threading.Channels;
using Vsmtp.Cli.Queues;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Killing;

/// <summary>The mails that go through while servers are killed, and the judgement on what became of them.</summary>
internal sealed class KilledMails(int count)
{
    /// <summary>With a scanner whose verdicts a return must bear.</summary>
    public const string Rules = """
        import "service" as service;

        #{
            postq: [
                delegate service::clamsmtpd "check email for virus" || {
                    if has_header("X-Virus-Infected") { quarantine("virus_q") } else { next() }
                },
            ],
        }
        """;

    public const string ServiceKeys = """
        proof: ["X-Virus-Scanned", "X-Virus-Infected"],
        retry: #{ first: "1s", max: "2s", give_up: "1h" },
        """;

    private readonly TestMail[] _mails = [.. Enumerable.Range(0, count).Select(number => new TestMail(number))];

    private readonly Channel<TestMail> _queue = Channel.CreateUnbounded<TestMail>();
    private int _released;

    /// <summary>For each kill, the mails whose delivery may have been under way.</summary>
    public List<HashSet<string>> DeliveringAtKills { get; } = [];

    public string[] Accepted => [.. _mails.Select(mail => mail.AcceptedAs).OfType<string>()];

    /// <summary>Lets the next ones go to the clients, after the last of them the clients end.</summary>
    public void Release(int share)
    {
        for (var end = Math.Min(_released + share, _mails.Length); _released < end; _released++) _queue.Writer.TryWrite(_mails[_released]);
        if (_released == _mails.Length) _queue.Writer.TryComplete();
    }

    /// <summary>Sends those that are released to a port, over several connections at once.</summary>
    public Task SendAsync(int port, int clients, KillSwitch kills, CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, clients).Select(_ => new PersistentClient(port, _queue.Reader, kills).SendAllAsync(cancellationToken)));

    public static Task RestsAsync(LocalApiClient api, Func<string>? state = null) => Patience.UntilAsync(
        async () => (await api.ListAsync(queue: null)).All(mail => mail.Queue is not ("offered" or "working" or "delegated" or "deliver" or "deferred")),
        "all queues at rest", () => string.Join('\n', api.ListAsync(queue: null).Result.Take(20)) + state?.Invoke(), seconds: 120);

    /// <returns>In figures.</returns>
    public async Task<string> JudgeAsync(LocalApiClient api, ScriptedServer relay)
    {
        var infected = _mails.Where(mail => mail.IsInfected).Select(mail => mail.Id).ToHashSet();
        var delivered = relay.Mails.ToLookup(mail => mail.Header(TestMail.IdHeader)!);
        var kept = await api.ListAsync(queue: null);

        // Nothing unscanned, nothing infected, nothing lost, nothing in any other place.
        Assert.All(relay.Mails, mail => Assert.Equal("ClamAV using ClamSMTP", mail.Header("X-Virus-Scanned")));
        Assert.DoesNotContain(infected, delivered.Contains);
        Assert.Empty(_mails.Where(mail => !mail.IsInfected && !delivered.Contains(mail.Id)).Select(mail => mail.Id));
        Assert.All(kept, mail => Assert.Equal("quarantine/virus_q", mail.Queue));
        Assert.Equal(infected.Order(), kept.Select(mail => mail.Subject["mail ".Length..]).Distinct().Order());
        foreach (var mail in _mails)
        {
            var found = (await api.FindAsync(mail.AcceptedAs!))!.Mail;
            Assert.Equal(mail.IsInfected ? "quarantine/virus_q" : "delivered", found.Queue);
        }

        // One mail of a client's is one of ours for each time that it heard nothing, and one of ours goes out twice only over a kill.
        var taken = relay.Mails.GroupBy(IdOf).ToDictionary(group => group.Key, group => group.Count());
        foreach (var mail in _mails)
        {
            var accepted = delivered[mail.Id].Select(IdOf).Distinct().Count() + kept.Count(one => one.Subject == $"mail {mail.Id}");
            Assert.InRange(accepted, 1, 1 + mail.UncertainSends);
        }

        Assert.All(taken, one => Assert.InRange(one.Value, 1, 1 + DeliveringAtKills.Count(kill => kill.Contains(one.Key))));
        var twice = taken.Values.Sum(times => times - 1);
        return $"{_mails.Length} mails, {_mails.Sum(mail => mail.UncertainSends)} sends without an answer, "
            + $"{taken.Count} delivered and {kept.Length} quarantined, {twice} delivered twice";
    }

    private static string IdOf(ReceivedMail mail) => mail.Header("Received")!.Split(" id ")[1].Split(';')[0];
}
