using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Vsmtp.Smtp.Tests.Client;

namespace Vsmtp.Grains.Tests;

/// <summary>A mail server that takes what it is given, but for recipients that it was told to refuse.</summary>
internal sealed class MailHost : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<string>> _answers = new();
    private readonly ScriptedSmtpServer _server;

    /// <summary>For <see cref="Instead"/>: says nothing until the other side has gone.</summary>
    public const string Silence = " ";

    public MailHost(params string[] extensions)
        : this(new IPEndPoint(IPAddress.Loopback, 0), extensions)
    {
    }

    public MailHost(IPEndPoint place, params string[] extensions) => _server =
        new ScriptedSmtpServer(place, repeatsLast: true, peer => ServeAsync(peer, extensions));

    /// <summary>For <c>relayhost</c>.</summary>
    public string Place => _server.Destination.ToString();

    /// <summary>
    /// Answers instead of it, as long as it is set: to CONNECT, a verb (RCPT with its address), or DOT, and to the mail's sender where there is one. Null: it
    /// answers as usual; empty: hangs up.
    /// </summary>
    public Func<string, string, string?> Instead { get; set; } = static (_, _) => null;

    /// <summary>What it took: the reverse path, the forward paths, the message.</summary>
    public BlockingCollection<(string Sender, string Recipients, string Message)> Taken { get; } = [];

    /// <summary>Answers to RCPT of this recipient, in order; then it is taken.</summary>
    public MailHost Refuse(string recipient, params string[] answers)
    {
        _answers[recipient] = new ConcurrentQueue<string>(answers);
        return this;
    }

    /// <summary>The next mail that it took; fails when none comes.</summary>
    public (string Sender, string Recipients, string Message) Next()
    {
        Assert.True(Taken.TryTake(out var mail, TimeSpan.FromSeconds(30)), "no mail came");
        return mail;
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    private async Task ServeAsync(ScriptedPeer peer, string[] extensions)
    {
        try
        {
            await ConverseAsync(peer, extensions);
        }
        catch (Exception gone) when (gone is SocketException or InvalidOperationException)
        {
            // The client had heard enough, and left within a line or a message.
        }
    }

    private async Task ConverseAsync(ScriptedPeer peer, string[] extensions)
    {
        if (!await SayAsync(peer, "CONNECT", "", "220 mx.example ESMTP")) return;
        var (sender, recipients, isOpen) = ("", new List<string>(), false);
        while (await peer.ReadLineAsync() is { } line)
        {
            var verb = line.Split(' ')[0];
            switch (verb)
            {
                case "EHLO":
                    if (!await SayAsync(peer, verb, "", string.Join("\r\n", ["250-mx.example", .. extensions.Select(each => $"250-{each}"), "250 SIZE"]))) return;
                    break;
                case "MAIL":
                    (sender, recipients, isOpen) = (PathIn(line), [], false);
                    if (!await SayAsync(peer, verb, sender, "250 ok", onUsual: () => isOpen = true)) return;
                    break;
                case "RCPT":
                    var refusal = _answers.TryGetValue(PathIn(line), out var answers) && answers.TryDequeue(out var answer) ? answer : null;
                    if (!isOpen) await peer.SendAsync("503 5.5.1 MAIL first\r\n");
                    else if (!await SayAsync(peer, $"RCPT {PathIn(line)}", sender, refusal ?? "250 ok", onUsual: () => recipients.AddRange(refusal is null ? [PathIn(line)] : []))) return;
                    break;
                case "DATA" when recipients.Count == 0:
                    await peer.SendAsync("554 5.5.1 no valid recipients\r\n");
                    break;
                case "DATA":
                    if (!await SayAsync(peer, verb, sender, "354 go")) return;
                    if (Instead(verb, sender) is not null) break;
                    var message = await peer.ReadDataAsync();
                    if (!await SayAsync(peer, "DOT", sender, "250 2.0.0 taken", onUsual: () => Taken.Add((sender, string.Join(' ', recipients), message)))) return;
                    break;
                case "QUIT":
                    await peer.SendAsync("221 bye\r\n");
                    return;
                default:
                    if (!await SayAsync(peer, verb, "", "250 ok")) return;
                    break;
            }
        }
    }

    /// <returns>False: hang up.</returns>
    private async Task<bool> SayAsync(ScriptedPeer peer, string to, string sender, string usual, Action? onUsual = null)
    {
        var instead = Instead(to, sender);
        if (instead == "") return false;
        if (instead == Silence)
        {
            await peer.DrainAsync(long.MaxValue);
            return false;
        }

        if (instead is null) onUsual?.Invoke();
        await peer.SendAsync($"{instead ?? usual}\r\n");
        return instead is null || !instead.StartsWith("421", StringComparison.Ordinal);
    }

    private static string PathIn(string line) => line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.IndexOf('>', StringComparison.Ordinal)];
}
