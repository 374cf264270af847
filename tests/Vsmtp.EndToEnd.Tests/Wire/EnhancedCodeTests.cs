using System.Net;
using System.Text;
using Vsmtp.EndToEnd.Tests.Authentication;
using Vsmtp.EndToEnd.Tests.Support;
using Vsmtp.Smtp.Replies;
using Vsmtp.Smtp.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Wire;

/// <summary>Every reply has an enhanced code of its own class (RFC 2034 §4), but for the greeting, the answer to HELO and EHLO, 334 and 354.</summary>
public sealed class EnhancedCodeTests
{
    private const string Mail = "MAIL FROM:<john@example.org>";
    private const string Rcpt = "RCPT TO:<jane@example.com>";

    /// <summary>What no client can bring about here: a store or a user service that is away.</summary>
    private static readonly string[] NotProvoked = [nameof(SmtpReplies.AuthNotNow), nameof(SmtpReplies.LocalError)];

    private readonly List<string> _said = [];

    [Fact]
    public async Task Every_reply_that_a_client_can_bring_about_has_one()
    {
        await SayToAllAsync();
        await SayToNarrowAsync();
        await SayToTlsOnlyAsync();

        var lines = _said.SelectMany(reply => reply.Split('\n')).ToHashSet();
        var unheard = typeof(SmtpReplies).GetProperties().Where(property => !lines.Contains(property.GetValue(null)!.ToString()!)).Select(property => property.Name);
        Assert.Equal(NotProvoked, unheard.Order(StringComparer.Ordinal));
    }

    private async Task SayToAllAsync()
    {
        await using var site = await AuthSite.StartAsync(
            """
            #{
                rcpt: [
                    rule "verdicts" || switch rcpt().local_part {
                        "denied" => deny(), "told" => info("550 5.1.1 No such user"), "breaks" => throw "it is broken", _ => next(),
                    },
                ],
            }
            """, """
            users = "users"
            mechanisms = ["PLAIN", "LOGIN", "CRAM-MD5"]
            attempt_count_max = 1
            [server.smtp]
            message_size_limit = 400000
            rcpt_count_max = 2
            [server.smtp.error]
            soft_count = -1
            hard_count = 100
            delay = "1s"
            """);
        var right = Base64($"\0{AuthSite.User}\0{AuthSite.Password}");
        using (var client = await ConnectAsync(site.Site.ClientPort))
        {
            await AskAsync(
                client, "NOOP", "HELP", "RSET", Mail, Rcpt, "DATA", "BDAT 0 LAST", "", "BLURDYBLOOP", " NOOP", "caf\xE9", "NOOP " + new string('x', 600),
                "EHLO", "EHLO -", "HELO two words", "HELO client.example.org", Mail, "RSET", "EHLO client.example.org",
                "VRFY jane", "EXPN list", "XCLIENT NAME=a", "XFORWARD NAME=a", "AUTH", "AUTH NOSUCH", "STARTTLS now",
                "MAIL", "MAIL FROM:<john", "MAIL FROM:<@>", "MAIL FROM:<j\xC3\xB6hn@example.org>", $"{Mail} FOO=bar", $"{Mail} SIZE=999999", $"{Mail} BODY=BINARYMIME",
                Mail, Mail, "DATA", "DATA now", "RCPT", "RCPT TO:<>", "RCPT TO:<jane", "RCPT TO:<j\xC3\xB6hn@example.com>", $"{Rcpt} NOTIFY=NEVER,DELAY", $"{Rcpt} FOO=bar",
                "RCPT TO:<told@example.com>", Rcpt, "RCPT TO:<joe@example.com>", "RCPT TO:<jim@example.com>",
                "DATA", "a: b\r\n\r\nbare\nLF\r\n.");
            foreach (var content in new[] { "a: b\r\n\r\n" + new string('x', 70_000), "a: " + Lines(300_000), "a: b\r\n\r\n" + Lines(500_000), "a: b\r\n\r\ntext" })
                await AskAsync(client, Mail, Rcpt, "DATA", content + "\r\n.");
            await AskAsync(client, Mail, Rcpt, "BDAT 3\r\nx", "DATA", "BDAT 3 LAST\r\ny", Mail, Rcpt, "BDAT 4 LAST\r\nx\n", "STARTTLS");
            await client.SecureAsync();
            await AskAsync(
                client, "EHLO client.example.org", "STARTTLS", "AUTH PLAIN !", "AUTH LOGIN", "*", "AUTH LOGIN", new string('A', 20_000), $"AUTH PLAIN {new string('A', 20_000)}",
                "AUTH PLAIN", right, $"AUTH PLAIN {right}", "QUIT");
        }

        foreach (var last in new[] { $"AUTH PLAIN {Base64("\0alice\0wrong")}", $"AUTH CRAM-MD5 {right}" })
        {
            using var client = await site.OpenAsync();
            await AskAsync(client, "EHLO client.example.org", last);
        }

        using (var client = await ConnectAsync(site.SubmissionPort))
        {
            await AskAsync(client, "STARTTLS");
            await client.SecureAsync();
            await AskAsync(client, "EHLO client.example.org", Mail, $"AUTH PLAIN {right}", "MAIL FROM:<john@server>", Mail, "RCPT TO:<jane@server>", Rcpt, "QUIT");
        }

        using (var client = await site.OpenAsync()) await AskAsync(client, "EHLO client.example.org", "AUTH LOGIN", "*", "AUTH LOGIN", "*");
        foreach (var last in new[] { $"AUTH PLAIN {right}", "BDAT x", "NOOP\nNOOP", "STARTTLS\r\nNOOP" })
        {
            using var client = await ConnectAsync(site.Site.ClientPort);
            await AskAsync(client, "EHLO client.example.org", last);
        }

        // A verdict of deny, or a rule that breaks, may end the session.
        foreach (var recipient in new[] { "denied", "breaks" })
        {
            using var client = await ConnectAsync(site.Site.ClientPort);
            await AskAsync(client, "EHLO client.example.org", Mail, $"RCPT TO:<{recipient}@example.com>");
        }

        using (var client = await ConnectAsync(site.Site.ClientPort))
        {
            for (var i = 0; i < 100; i++) await AskAsync(client, "BLURDYBLOOP");
        }

        using var open = await ConnectAsync(site.Site.ClientPort);
        await AskAsync(open, "EHLO client.example.org");
        var stopping = site.Server.StopAsync();
        Note(await open.ReadReplyAsync());
        Assert.Equal(0, await stopping);
    }

    /// <summary>Where there is room for one client, who waits too long behind RCPT, and no TLS.</summary>
    private async Task SayToNarrowAsync()
    {
        await using var site = new RunningSite("#{}", extraToml: """
            [server.smtp.timeout_client]
            connect = "5m"
            helo = "5m"
            mail_from = "5m"
            rcpt_to = "1s"
            data = "5m"
            """, options: ["--set", "server.client_count_max=1"]);
        await site.InitializeAsync();
        using var client = await ConnectAsync(site.Site.ClientPort);
        using var other = await TlsClient.ConnectAsync(new IPEndPoint(IPAddress.Loopback, site.Site.ClientPort));
        Note(await other.ReadReplyAsync());
        await AskAsync(client, "EHLO client.example.org", "STARTTLS", "AUTH PLAIN", Mail, Rcpt);
        Note(await client.ReadReplyAsync());
    }

    private async Task SayToTlsOnlyAsync()
    {
        await using var site = await Secured.TlsSite.StartAsync(keys: Secured.TlsSite.Usual.Replace("May", "Encrypt", StringComparison.Ordinal));
        using var client = await ConnectAsync(site.Site.ClientPort);
        await AskAsync(client, "EHLO client.example.org", Mail, "QUIT");
    }

    private static async Task<TlsClient> ConnectAsync(int port)
    {
        var client = await TlsClient.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
        Assert.Equal("220 mx.example.com Service ready", await client.ReadReplyAsync());
        return client;
    }

    private async Task AskAsync(TlsClient client, params string[] lines)
    {
        foreach (var line in lines)
        {
            var reply = await client.AskAsync(line);
            var isBare = line[..Math.Min(4, line.Length)] is "EHLO" or "HELO" && reply.StartsWith('2');
            if (!isBare && !reply.StartsWith('3')) Note(reply, line);
            else Assert.DoesNotMatch(@"(?m)^\d{3}[ -]\d\.\d+\.\d+", reply);
            if (reply.StartsWith("354", StringComparison.Ordinal)) _said.Add(reply);
        }
    }

    /// <summary>RFC 2034 §4: on every line, and of the class of the reply.</summary>
    private void Note(string reply, string to = "")
    {
        Assert.True(reply.Split('\n').All(line => line is [var first, _, _, ' ' or '-', var second, '.', ..] && first == second), $"{to}: {reply}");
        Assert.Matches(@"(?m)^(\d{3}[ -]\d\.\d{1,3}\.\d{1,3} .*\n?)+$", reply);
        _said.Add(reply);
    }

    private static string Lines(int octets) => string.Concat(Enumerable.Repeat(new string('x', 60) + "\r\n ", octets / 63)) + "x";

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
