using System.Net;
using Vsmtp.EndToEnd.Tests.Killing;
using Vsmtp.EndToEnd.Tests.Support;
using Vsmtp.Faults.Ledgers;
using Vsmtp.Faults.Sites;

namespace Vsmtp.Faults.Peers;

/// <summary>The server to which everything is delivered, or where mail leaves by MX all hosts there are: notes what they take.</summary>
internal sealed class Smarthost : IAsyncDisposable
{
    private const int MostDelayMs = 40;

    private readonly ScriptedServer[] _servers;
    private readonly Ledger _ledger;
    private readonly Dice _dice;
    private readonly CancellationTokenSource _ending = new();

    /// <param name="places">Of its hosts. Only the first does wrong before MAIL: a domain at which nobody answers is left alone for minutes.</param>
    public Smarthost(IReadOnlyList<IPEndPoint> places, Ledger ledger, Dice dice)
    {
        (_ledger, _dice) = (ledger, dice);
        _servers = [.. places.Select((place, number) => new ScriptedServer(place.Port, place.Address)
        {
            OnCommand = Answer,
            OnMail = TakeAsync,
            OnReply = (to, reply) => PassAsync(to, reply, isFirst: number == 0),
        })];
    }

    /// <summary>None: it behaves.</summary>
    public Misdeeds? Misdeeds { get; set; }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        foreach (var server in _servers) await server.DisposeAsync();
        _ending.Dispose();
    }

    private static string Answer(string command) =>
        command.StartsWith($"RCPT TO:<{Exchanges.Gone}", StringComparison.Ordinal) ? "550 5.1.1 nobody of this name" : "250 2.0.0 Ok";

    private Task<string?> PassAsync(string to, string reply, bool isFirst) =>
        Misdeeds is { } misdeeds && to != "." && (isFirst || to is not ("CONNECT" or "EHLO"))
            ? misdeeds.SayAsync(misdeeds.At(to), reply, _ending.Token)
            : Task.FromResult<string?>(reply);

    private async Task<string?> TakeAsync(ReceivedMail mail)
    {
        var isNotification = mail.Sender.Length == 0;
        var id = isNotification ? mail.Header("Message-ID")!.Split('<', '@')[1] : IdOf(mail.Text);
        await Task.Delay(_dice.For($"delivery of {id}").Next(MostDelayMs));
        var misdeed = Misdeeds?.At(".");
        const string taken = "250 2.0.0 Taken";

        // Before its 250 it has taken the mail already, whatever it says then: but a 4yz is a clear word.
        if (misdeed is not Misdeed.Refuse)
        {
            var isReplyLost = misdeed is not null and not Misdeed.Slow;
            if (isNotification) _ledger.Notices.Enqueue(NoticeOf(mail, id, isReplyLost));
            else _ledger.Arrivals.Enqueue(ArrivalOf(mail, mail.Text, id, isReplyLost));
        }

        return misdeed is null ? taken : await Misdeeds!.SayAsync(misdeed, taken, _ending.Token);
    }

    /// <param name="headers">Of the mail whose name it bears.</param>
    private static Arrival ArrivalOf(ReceivedMail mail, string headers, string id, bool isReplyLost) =>
        new(Messages.Header(headers, TestMail.IdHeader)!, id, mail.Header(Scanner.ProofHeader), Fingerprint.Of(mail.Text), isReplyLost)
        {
            Since = mail.AskedAt,
        };

    private static Notice NoticeOf(ReceivedMail mail, string id, bool isReplyLost)
    {
        var returned = mail.Text.Split("Content-Type: text/rfc822-headers\r\n\r\n")[1];
        var recipients = mail.Text.Split("\r\nFinal-Recipient: rfc822; ").Skip(1).Select(rest => rest.Split('\r')[0]);
        return new Notice(IdOf(returned), [.. recipients], ArrivalOf(mail, returned, id, isReplyLost));
    }

    /// <summary>The id that our server wrote into its trace.</summary>
    private static string IdOf(string message) => Messages.Header(message, "Received")!.Split(" id ")[1].Split(';')[0];
}
