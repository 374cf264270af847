using System.Text.RegularExpressions;
using Vsmtp.Dashboard.Api;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Documents;

/// <summary>The examples of docs/rules.md, "Outcomes", as they stand there, each against services that behave as the text says.</summary>
public sealed partial class OutcomeDocumentTests
{
    private static readonly Dictionary<string, string> Examples = ReadExamples();

    /// <summary>Every example has a test here that runs it.</summary>
    private static readonly string[] Run =
    [
        "It came back", "Rejected", "Absorbed", "Unscanned", "Failed", "No handler", "What can be read", "A verdict only", "Several at once",
        "Before the queue",
    ];

    [Fact]
    public void Every_example_is_run() => Assert.Equal(Run.Order(), Examples.Keys.Order());

    [Theory]
    [InlineData("It came back", "infected", "quarantine/virus_q")]
    [InlineData("It came back", "clean", "delivered")]
    [InlineData("Rejected", "550 Virus Detected", "quarantine/virus_q")]
    [InlineData("Rejected", "550 5.7.1 Not for me", "dead")]
    [InlineData("Rejected", "clean", "delivered")]
    [InlineData("Absorbed", "let go", "quarantine/virus_q")]
    [InlineData("Absorbed", "250 I keep it", "quarantine/virus_q")]
    [InlineData("Unscanned", "as it was", "quarantine/unscanned")]
    [InlineData("Unscanned", "clean", "delivered")]
    [InlineData("Failed", "451 4.3.0 Local Error", "delivered")]
    [InlineData("No handler", "clean", "delivered")]
    [InlineData("No handler", "550 5.7.1 Not for me", "quarantine/delegation")]
    [InlineData("No handler", "let go", "quarantine/delegation")]
    [InlineData("No handler", "as it was", "quarantine/delegation")]
    [InlineData("No handler", "451 4.3.0 Local Error", "quarantine/delegation")]
    [InlineData("What can be read", "clean", "delivered")]
    public async Task An_example_ends_as_the_text_promises(string example, string behaviour, string queue)
    {
        await using var site = await StartAsync(example);
        var mail = await SendAsync(site, behaviour, queue);

        var delivered = queue == "delivered" ? await site.DeliveredAsync(mail.Mail.Id, "document") : null;
        switch (example)
        {
            case "Failed":
                Assert.Equal("the scanner did not answer", delivered!.Header("X-Not-Scanned"));
                break;
            case "What can be read":
                Assert.Equal("clamsmtpd returned, attempt 1: ClamAV using ClamSMTP", delivered!.Header("X-Scan"));
                Assert.Equal("no", delivered.Header("X-Slow"));
                break;
            case "No handler" when queue == "quarantine/delegation":
                Assert.Contains(behaviour[0] is '4' or '5' ? behaviour : behaviour is "let go" ? "absorbed" : "unscanned", mail.Mail.Reason);
                break;
        }
    }

    [Fact]
    public async Task A_mail_too_large_for_the_service_is_unscanned_as_the_text_promises()
    {
        await using var site = await StartAsync("Unscanned");
        var id = await site.SendAsync(Messages.Clean("document", string.Concat(Enumerable.Repeat($"{new string('x', 76)}\r\n", 300))));

        await site.Server.WaitForAsync(id, "quarantine/unscanned");
        Assert.Empty(site.Service.Seen);
    }

    [Theory]
    [InlineData("X-Spam-Flag: YES", "quarantine/spam")]
    [InlineData("X-Spam-Flag: NO", "delivered")]
    public async Task A_verdict_only_ends_as_the_text_promises(string header, string queue)
    {
        await using var site = await TwoServicesAsync("A verdict only");
        site["spam"].OnMail = async mail => await site.Returning.ReturnAsync(mail, $"{header}\r\nSubject: changed\r\n\r\nchanged\r\n");
        var message = Messages.Clean("document");
        var id = await site.SendAsync(message);
        await site.Server.WaitForAsync(id, queue);

        if (queue == "delivered")
            Assert.Equal(message.Replace("\r\n\r\n", $"\r\n{header}\r\n\r\n", StringComparison.Ordinal), Assert.Single(site.Relay.Mails).TextBelowTrace);
    }

    [Theory]
    [InlineData("X-Virus-Scanned: ClamAV", "X-Spam-Flag: NO", "delivered")]
    [InlineData("X-Virus-Infected: yes", null, "quarantine/virus_q")]
    [InlineData(null, "X-Spam-Flag: YES", "quarantine/spam")]
    [InlineData("X-Virus-Scanned: ClamAV", "451 4.3.0 Not now", "delivered")]
    [InlineData("451 4.3.0 Not now", null, "quarantine/scanner_down")]
    public async Task Several_at_once_end_as_the_text_promises(string? virus, string? spam, string queue)
    {
        await using var site = await TwoServicesAsync("Several at once");
        // Null: it never answers while the mail is decided by the other.
        var never = new TaskCompletionSource<string?>();
        site["virus"].OnMail = mail => AnswerAsync(site, mail, virus, never.Task);
        site["spam"].OnMail = mail => AnswerAsync(site, mail, spam, never.Task);
        var id = await site.SendAsync(Messages.Clean("document"));
        await site.Server.WaitForAsync(id, queue);
        never.SetResult(null);

        if (queue == "delivered") Assert.Equal("[\"spam\", \"virus\"]", Assert.Single(site.Relay.Mails).Header("X-Scanned-By"));
    }

    [Theory]
    [InlineData("clean", "250 ")]
    [InlineData("infected", "550 5.7.1 Virus found")]
    [InlineData("let go", "550 5.7.1 Virus found")]
    public async Task Before_the_queue_the_client_is_told_what_the_text_promises(string behaviour, string reply)
    {
        var (keys, rules) = (ServiceKeys().Match(Examples["Before the queue"]).Groups[1].Value, Rules().Match(Examples["Before the queue"]).Value);
        await using var site = await RunningSite.StartAsync($"import \"service\" as service;\n{rules}", keys);
        site.Service.OnMail = mail => BehaveAsync(site, mail, behaviour);
        using var client = await RawSmtp.OpenAsync(site.Site.ClientPort);

        Assert.StartsWith(reply, await client.SendMailAsync("john@example.org", ["jane@example.com"], Messages.Clean("document")));
    }

    private static async Task<string?> AnswerAsync(Delegation.SeveralSite site, ReceivedMail mail, string? answer, Task<string?> never) => answer switch
    {
        null => await never,
        ['4', ..] => answer,
        _ => await site.Returning.ReturnAsync(mail, $"{answer}\r\n{mail.Text}"),
    };

    private static Task<RunningSite> StartAsync(string example) => RunningSite.StartAsync(
        $"import \"service\" as service;\n#{{ postq: [\n{Examples[example]}\n] }}",
        """
        proof: ["X-Virus-Scanned", "X-Virus-Infected"],
        max_bytes: 20000,
        return_deadline: "1s",
        retry: #{ first: "200ms", max: "200ms", give_up: "1s" },
        """);

    private static Task<Delegation.SeveralSite> TwoServicesAsync(string example) => Delegation.SeveralSite.StartAsync(
        Examples[example], ["virus", "spam"], proofs: name => name == "virus" ? "\"X-Virus-Scanned\", \"X-Virus-Infected\"" : "\"X-Spam-Flag\"", giveUp: "1s");

    private static async Task<ApiMailDetails> SendAsync(RunningSite site, string behaviour, string queue)
    {
        site.Service.OnMail = mail => BehaveAsync(site, mail, behaviour);
        var id = await site.SendAsync(Messages.Clean("document"));
        return await site.Server.WaitForAsync(id, queue);
    }

    private static async Task<string?> BehaveAsync(RunningSite site, ReceivedMail mail, string behaviour) => behaviour switch
    {
        "clean" => await site.Returning.ReturnAsync(mail, $"X-Virus-Scanned: ClamAV using ClamSMTP\r\n{mail.Text}"),
        "infected" => await site.Returning.ReturnAsync(mail, $"X-Virus-Infected: Virus Detected!\r\n{mail.Text}"),
        "as it was" => await site.Returning.ReturnAsync(mail, mail.Text),
        "let go" => await LetGoAsync(site, mail),
        _ => behaviour,
    };

    private static async Task<string> LetGoAsync(RunningSite site, ReceivedMail mail)
    {
        await site.Returning.LetGoAsync(mail, "RSET");
        return "250 Virus Detected; Discarded Email";
    }

    /// <summary>The code of each heading below "Outcomes".</summary>
    private static Dictionary<string, string> ReadExamples()
    {
        var text = File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "rules.md")).ReplaceLineEndings("\n");
        var section = text[text.IndexOf("\n## Outcomes\n", StringComparison.Ordinal)..text.IndexOf("\n## Objects\n", StringComparison.Ordinal)];
        return section.Split("\n### ").Skip(1).ToDictionary(
            part => part[..part.IndexOf('\n')],
            part => string.Join('\n', Code().Matches(part).Select(match => match.Groups[1].Value)));
    }

    [GeneratedRegex("```js\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Code();

    /// <summary>What a declared service has beside its addresses.</summary>
    [GeneratedRegex("""receiver: "127\.0\.0\.1:10025",\n(.*?)\};""", RegexOptions.Singleline)]
    private static partial Regex ServiceKeys();

    [GeneratedRegex(@"^#\{\n.*", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Rules();
}
