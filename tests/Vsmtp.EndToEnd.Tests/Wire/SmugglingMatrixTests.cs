using Vsmtp.EndToEnd.Tests.Support;
using Vsmtp.Smtp.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Wire;

/// <summary>Whatever some server takes for the end of a message, and a second mail behind it: at every door there is one mail or none.</summary>
public sealed class SmugglingMatrixTests : IClassFixture<WireSite>
{
    private const string Envelope = "MAIL FROM:<john@example.org>\r\nRCPT TO:<jane@example.com>\r\nDATA\r\n";
    private const string Smuggled = "MAIL FROM:<evil@example.org>\r\nRCPT TO:<jane@example.com>\r\nDATA\r\nSubject: evil\r\n\r\nevil\r\n";

    private readonly WireSite _site;

    public SmugglingMatrixTests(WireSite site)
    {
        _site = site;
        _site.Relay.Reset();
        _site.Service.Reset();
    }

    /// <summary>The lone dot at every door; what may stand in its place at one each, since all of them read alike.</summary>
    [Theory]
    [InlineData(Door.Client, ".")]
    [InlineData(Door.Submission, ".")]
    [InlineData(Door.StartTls, ".")]
    [InlineData(Door.TlsFirst, ".")]
    [InlineData(Door.Client, "\0.")]
    [InlineData(Door.Submission, ".\0")]
    [InlineData(Door.StartTls, "..")]
    [InlineData(Door.TlsFirst, ". ")]
    [InlineData(Door.Client, " .")]
    public async Task A_client_gets_one_mail_in_or_none(Door door, string dot)
    {
        var ends = EndsWith(dot);
        var client = await _site.OpenAsync(door);
        var taken = new Dictionary<string, string>();
        for (var i = 0; i < ends.Count; i++)
        {
            var (subject, sent) = ($"{door} {i}", $"good{ends[i]}{Smuggled}");
            var reply = await SayAsync(client, Envelope, $"Subject: {subject}\r\n\r\n{sent}", ends[i]);
            if (reply is null) (client, _) = (await _site.OpenAsync(door), Dispose(client));
            else if (reply.StartsWith('2')) taken.Add(subject, FalseEnds.Unstuffed(sent));
        }

        client.Dispose();
        Assert.Equal(ends.Count(end => FalseEnds.Judge(end) == FalseEnd.Clean), taken.Count);
        var mails = await _site.DelegatedAsync(taken.Count);
        Assert.Equal(taken.Keys.Order(StringComparer.Ordinal), mails.Select(mail => mail.Header("Subject")!).Order(StringComparer.Ordinal));
        Assert.All(mails, mail =>
        {
            Assert.Equal("john@example.org", mail.Sender);
            AssertKept(taken[mail.Header("Subject")!], mail);
        });
    }

    /// <summary>What is smuggled in here has a ticket, so that it would be taken if it were seen.</summary>
    [Theory, InlineData("."), InlineData("\0."), InlineData(".\0"), InlineData(".."), InlineData(". "), InlineData(" .")]
    public async Task A_service_gets_one_mail_back_or_none(string dot)
    {
        var ends = EndsWith(dot);
        var clean = ends.Count(end => FalseEnds.Judge(end) == FalseEnd.Clean);
        using (var client = await _site.OpenAsync(Door.Client))
        {
            for (var i = 0; i < clean + 2; i++)
            {
                await AskAllAsync(client, Envelope, 3);
                Assert.StartsWith("250", await client.AskAsync($"Subject: returned {i}\r\n\r\ntext\r\n."));
            }
        }

        var waiting = new Queue<ReceivedMail>(await _site.DelegatedAsync(clean + 2));
        var (outer, hidden) = (waiting.Dequeue(), waiting.Dequeue());
        var smuggled = EnvelopeOf(hidden) + hidden.Text;
        var service = await _site.OpenAsync(Door.Receiver);
        var taken = new Dictionary<string, string>();
        foreach (var end in ends)
        {
            var mail = FalseEnds.Judge(end) == FalseEnd.Clean ? waiting.Dequeue() : outer;
            var sent = $"good{end}{smuggled}";
            var reply = await SayAsync(service, EnvelopeOf(mail), mail.Text + sent, end);
            if (reply is null) (service, _) = (await _site.OpenAsync(Door.Receiver), Dispose(service));
            else if (reply.StartsWith('2')) taken.Add(mail.Header("Subject")!, FalseEnds.Unstuffed(sent));
        }

        service.Dispose();
        Assert.Equal(clean, taken.Count);

        // Neither the mail whose return was refused nor the one that was smuggled has been touched.
        Assert.StartsWith("250", await _site.Returning.ReturnAsync(outer));
        Assert.StartsWith("250", await _site.Returning.ReturnAsync(hidden));
        await Patience.UntilAsync(() => _site.Relay.Mails.Count >= clean + 2, "all mails at the relay", () => $"{_site.Relay.Mails.Count}");
        Assert.Equal(clean + 2, _site.Relay.Seen.Count);
        Assert.All(_site.Relay.Mails, mail => AssertKept(taken.GetValueOrDefault(mail.Header("Subject")!, "text\r\n"), mail));
    }

    private static IReadOnlyList<string> EndsWith(string dot) => [.. FalseEnds.With(dot).Where(end => FalseEnds.Judge(end) != FalseEnd.True)];

    private static string EnvelopeOf(ReceivedMail mail) => string.Concat(mail.Commands.Append("DATA").Select(command => command + "\r\n"));

    /// <summary>One message, and a NOOP behind it that tells whether more than that was answered.</summary>
    /// <returns>The reply to the message; null: and the connection is closed.</returns>
    private static async Task<string?> SayAsync(TlsClient client, string envelope, string message, string end)
    {
        await AskAllAsync(client, envelope, envelope.Split("\r\n").Length - 1);
        await client.SendAsync(message + ".\r\nNOOP\r\n");
        var (kind, reply) = (FalseEnds.Judge(end), await client.ReadReplyAsync());
        Assert.True(reply.StartsWith(kind == FalseEnd.Clean ? "250" : "550 5.6.0", StringComparison.Ordinal), $"{FalseEnds.Shown(end)}: {reply}");
        var next = kind == FalseEnd.Doubtful ? await client.ReadToEndAsync() : await client.ReadReplyAsync();
        Assert.True(next == (kind == FalseEnd.Doubtful ? "" : "250 2.0.0 Ok"), $"{FalseEnds.Shown(end)}: {reply}, then {next}");
        return kind == FalseEnd.Doubtful ? null : reply;
    }

    private static async Task AskAllAsync(TlsClient client, string commands, int replies)
    {
        await client.SendAsync(commands);
        for (var i = 0; i < replies; i++)
        {
            var reply = await client.ReadReplyAsync();
            Assert.True(reply is ['2' or '3', ..], $"{commands}: {reply}");
        }
    }

    private static void AssertKept(string content, ReceivedMail mail)
    {
        Assert.EndsWith(content, mail.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(mail.Text.Replace("\r\n", "", StringComparison.Ordinal), c => c is '\r' or '\n' or '\0');
    }

    private static bool Dispose(TlsClient client)
    {
        client.Dispose();
        return true;
    }
}
