using System.Collections.Concurrent;
using Vsmtp.Smtp.Tests.Client;

namespace Vsmtp.Grains.Tests;

/// <summary>A mail server that takes what it is given, but for recipients that it was told to refuse.</summary>
internal sealed class MailHost : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<string>> _answers = new();
    private readonly ScriptedSmtpServer _server;

    public MailHost(params string[] extensions) => _server = new ScriptedSmtpServer(repeatsLast: true, peer => ServeAsync(peer, extensions));

    /// <summary>For <c>relayhost</c>.</summary>
    public string Place => _server.Destination.ToString();

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
        await peer.GreetAsync(extensions);
        var (sender, recipients) = ("", new List<string>());
        while (await peer.ReadLineAsync() is { } line)
        {
            switch (line.Split(' ')[0])
            {
                case "MAIL":
                    (sender, recipients) = (PathIn(line), []);
                    await peer.SendAsync("250 ok\r\n");
                    break;
                case "RCPT":
                    var refusal = _answers.TryGetValue(PathIn(line), out var answers) && answers.TryDequeue(out var answer) ? answer : null;
                    if (refusal is null) recipients.Add(PathIn(line));
                    await peer.SendAsync($"{refusal ?? "250 ok"}\r\n");
                    break;
                case "DATA":
                    await peer.SendAsync("354 go\r\n");
                    var message = await peer.ReadDataAsync();
                    Taken.Add((sender, string.Join(' ', recipients), message));
                    await peer.SendAsync("250 2.0.0 taken\r\n");
                    break;
                case "QUIT":
                    await peer.SendAsync("221 bye\r\n");
                    return;
                default:
                    await peer.SendAsync("250 ok\r\n");
                    break;
            }
        }
    }

    private static string PathIn(string line) => line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.IndexOf('>', StringComparison.Ordinal)];
}
