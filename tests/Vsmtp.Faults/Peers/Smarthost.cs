using Vsmtp.EndToEnd.Tests.Killing;
using Vsmtp.EndToEnd.Tests.Support;
using Vsmtp.Faults.Ledgers;

namespace Vsmtp.Faults.Peers;

/// <summary>The server to which everything is delivered: notes what it takes.</summary>
internal sealed class Smarthost : IAsyncDisposable
{
    private const int MostDelayMs = 40;

    private readonly ScriptedServer _server;
    private readonly Ledger _ledger;
    private readonly Dice _dice;
    private readonly CancellationTokenSource _ending = new();

    public Smarthost(int port, Ledger ledger, Dice dice)
    {
        (_ledger, _dice) = (ledger, dice);
        _server = new ScriptedServer(port) { OnMail = TakeAsync, OnReply = PassAsync };
    }

    /// <summary>None: it behaves.</summary>
    public Misdeeds? Misdeeds { get; set; }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _server.DisposeAsync();
        _ending.Dispose();
    }

    private Task<string?> PassAsync(string to, string reply) =>
        Misdeeds is { } misdeeds && to != "." ? misdeeds.SayAsync(misdeeds.At(to), reply, _ending.Token) : Task.FromResult<string?>(reply);

    private async Task<string?> TakeAsync(ReceivedMail mail)
    {
        var name = mail.Header(TestMail.IdHeader)!;
        var id = mail.Header("Received")!.Split(" id ")[1].Split(';')[0];
        await Task.Delay(_dice.For($"delivery of {id}").Next(MostDelayMs));
        var misdeed = Misdeeds?.At(".");
        const string taken = "250 2.0.0 Taken";

        // Before its 250 it has taken the mail already, whatever it says then: but a 4yz is a clear word.
        if (misdeed is not Misdeed.Refuse)
        {
            var isReplyLost = misdeed is not null and not Misdeed.Slow;
            var proof = mail.Header(Scanner.ProofHeader);
            _ledger.Arrivals.Enqueue(new Arrival(name, id, proof, Fingerprint.Of(mail.Text), isReplyLost) { Since = mail.AskedAt });
        }

        return misdeed is null ? taken : await Misdeeds!.SayAsync(misdeed, taken, _ending.Token);
    }
}
