using System.Collections.Concurrent;
using System.Net.Sockets;
using Vsmtp.EndToEnd.Tests.Killing;
using Vsmtp.EndToEnd.Tests.Support;
using Vsmtp.Faults.Ledgers;

namespace Vsmtp.Faults.Peers;

/// <summary>
/// The service that mails are delegated to: notes what it is given and gives back. It brings some mails back before it answers for
/// them, as a proxy does, and others later, as a mail server with a queue of its own; which ones is left to chance.
/// </summary>
internal sealed class Scanner : IAsyncDisposable
{
    /// <summary>Whose text is never twice the same.</summary>
    public const string ProofHeader = "X-Virus-Scanned";

    private const int MostDelayMs = 40;
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(200);

    private readonly ScriptedServer _server;
    private readonly ReturningService _way;
    private readonly Ledger _ledger;
    private readonly Dice _dice;
    private readonly CancellationTokenSource _ending = new();
    private readonly ConcurrentBag<Task> _later = [];
    private int _scans;

    public Scanner(TestSite site, Ledger ledger, Dice dice)
    {
        (_ledger, _dice) = (ledger, dice);
        _way = new ReturningService(site.ReceiverPort);
        _server = new ScriptedServer(site.ServicePort) { OnMail = ScanAsync, OnReply = PassAsync };
    }

    /// <summary>None: it behaves.</summary>
    public Misdeeds? Misdeeds { get; set; }

    /// <summary>What it does wrong to some of the mails that it brings back. None: nothing.</summary>
    public Meddling? Meddling { get; set; }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _server.DisposeAsync();
        await Task.WhenAll(_later);
        _ending.Dispose();
    }

    private Task<string?> PassAsync(string to, string reply) =>
        Misdeeds is { } misdeeds ? misdeeds.SayAsync(misdeeds.At(to), reply, _ending.Token) : Task.FromResult<string?>(reply);

    private async Task<string?> ScanAsync(ReceivedMail mail)
    {
        var name = mail.Header(TestMail.IdHeader)!;
        var number = Interlocked.Increment(ref _scans);
        var chance = _dice.For($"scan {number} of {name}");
        var passed = Examine(name, number, mail, chance);
        if (chance.Next(10) < 4)
        {
            _later.Add(ReturnLaterAsync(mail, passed, chance.Next(MostDelayMs)));
            return "250 2.0.0 Queued";
        }

        await Task.Delay(chance.Next(MostDelayMs));
        return await TryReturnAsync(mail, passed) is ['2' or '5', ..] ? "250 2.0.0 Passed on" : "451 4.3.0 Nobody takes it";
    }

    /// <summary>Finds out what it has, notes it, and says what is to go back.</summary>
    private List<string> Examine(string name, int number, ReceivedMail mail, Random chance)
    {
        var isInfected = mail.Text.Contains(Messages.Eicar, StringComparison.Ordinal);
        var isAsSent = Fingerprint.Of(mail.Text) == Fingerprint.Of(_ledger.Flow.Mails[int.Parse(name)].Message);
        var texts = Meddling?.With(mail.Text, chance) ?? [new Returning(mail.Text)];
        var passed = new List<string>();
        foreach (var (text, hasProof, times) in texts)
        {
            var proof = hasProof ? $"scan {number}.{passed.Count} of {name}" : null;
            _ledger.Scans.Enqueue(new Scan(name, proof, isInfected, isAsSent, Fingerprint.Of(text)));
            var scanned = proof is null ? text : Messages.WithHeader(text, ProofHeader, proof);
            if (proof is not null && isInfected) scanned = Messages.WithHeader(scanned, "X-Virus-Infected", "EICAR");
            passed.AddRange(Enumerable.Repeat(scanned, times));
        }

        return passed;
    }

    /// <summary>Until it is taken or refused, as a mail server would.</summary>
    private async Task ReturnLaterAsync(ReceivedMail mail, IReadOnlyList<string> passed, int delayMs)
    {
        await Task.Delay(delayMs);
        while (await TryReturnAsync(mail, passed) is not ['2' or '5', ..] && !_ending.IsCancellationRequested) await Task.Delay(RetryPause);
    }

    /// <returns>The last reply; null: nobody answers.</returns>
    private async Task<string?> TryReturnAsync(ReceivedMail mail, IReadOnlyList<string> passed)
    {
        try
        {
            var reply = "";
            foreach (var message in passed) reply = await _way.ReturnAsync(mail, message);
            return reply;
        }
        catch (Exception gone) when (gone is IOException or SocketException or TimeoutException or Xunit.Sdk.XunitException)
        {
            return null;
        }
    }
}
