using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.InAndOut;

/// <summary>A site whose rules read whole messages, keep copies of them and rewrite whom they name.</summary>
public sealed class RewritingSite() : RunningSite("""
    #{
        preq: [
            rule "words" || {
                write("copies/preq");
                if "a forbidden word" in msg().mail { deny("550 5.7.1 A word is forbidden") } else { next() }
            },
        ],
        postq: [
            action "hide" || {
                rewrite_mail_from_message("anonymous@example.org");
                msg::rw_rcpt("jane@example.com", "team@example.com");
                add_rcpt_message("more@example.com");
                append_header("X-Length", mail().len().to_string());
            },
        ],
        delivery: [ action "keep" || { write("copies/postq"); dump("copies") } ],
    }
    """);

/// <summary>What rules do to a message and what they keep of it, from the client to the far end.</summary>
[SupportedOSPlatform("linux")]
public sealed class MessageRuleTests : IClassFixture<RewritingSite>
{
    private const string Header =
        "DKIM-Signature: v=1; h=subject;\r\n\tbh=x\r\nFROM: \"Doe, John\" <john@example.org>\r\nTo: \"Jane (in Paris)\" <jane@example.com> (me),\r\n"
        + "\t other@example.net\r\nsubject:rewritten\r\n\r\n";

    private const string HeaderAfter =
        "DKIM-Signature: v=1; h=subject;\r\n\tbh=x\r\nFROM: anonymous@example.org\r\nTo: \"Jane (in Paris)\" <team@example.com> (me),\r\n"
        + "\t other@example.net, more@example.com\r\nsubject:rewritten\r\nX-Length: ";

    private readonly RewritingSite _site;

    public MessageRuleTests(RewritingSite site)
    {
        _site = site;
        _site.Relay.Reset();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3_000)]
    public async Task What_rules_rewrite_arrives_rewritten_and_all_other_bytes_as_they_came(int lines)
    {
        var body = string.Concat(Enumerable.Repeat($".{new string('x', 76)}\r\n", lines));

        var mail = await DeliverAsync(Header + body);

        var text = mail.TextBelowTrace;
        Assert.StartsWith(HeaderAfter, text, StringComparison.Ordinal);
        Assert.EndsWith($"\r\n\r\n{body}", text, StringComparison.Ordinal);
        var length = text[HeaderAfter.Length..text.IndexOf("\r\n", HeaderAfter.Length, StringComparison.Ordinal)];
        Assert.Equal(mail.Text.Length - "X-Length: \r\n".Length - length.Length, int.Parse(length));
        Assert.Equal(HeaderAfter.Length + length.Length + 4 + body.Length, text.Length);
        Assert.Equal(["jane@example.com"], mail.Recipients);
    }

    [Fact]
    public async Task The_copies_are_the_message_at_their_stage()
    {
        var message = Header + "to be kept\r\n";

        var mail = await DeliverAsync(message);

        var id = mail.Header("Received")!.Split(' ').SkipWhile(word => word != "id").ElementAt(1).TrimEnd(';');
        var folder = Path.Combine(_site.Site.Folder, "app", "copies");
        Assert.Equal(mail.Text, await ReadAsync(Path.Combine(folder, "postq", $"{id}.eml")));
        Assert.Equal(message, Messages.BelowTrace(await ReadAsync(Path.Combine(folder, "preq", $"{id}.eml"))));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(folder, "postq", $"{id}.eml")));
        using var dump = JsonDocument.Parse(await ReadAsync(Path.Combine(folder, $"{id}.json")));
        Assert.Equal(id, dump.RootElement.GetProperty("message_id").GetString());
        Assert.Equal("delivery", dump.RootElement.GetProperty("stage").GetString());
        Assert.Equal("jane@example.com", dump.RootElement.GetProperty("rcpt_list")[0].GetProperty("address").GetString());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3_000)]
    public async Task A_message_is_refused_for_what_is_in_its_body_and_its_client_may_send_another(int lines)
    {
        var body = string.Concat(Enumerable.Repeat($"{new string('x', 76)}\r\n", lines));
        using var smtp = await RawSmtp.OpenAsync(_site.Site.ClientPort);

        var refusal = await smtp.SendMailAsync("john@example.org", ["jane@example.com"], $"{Header}{body}a forbidden word\r\n");
        var mail = await DeliverAsync(Header + body);

        Assert.StartsWith("550 5.7.1 A word is forbidden", refusal, StringComparison.Ordinal);
        Assert.EndsWith(body, mail.Text, StringComparison.Ordinal);
        Assert.Single(_site.Relay.Mails);
    }

    private async Task<ReceivedMail> DeliverAsync(string message)
    {
        var id = await _site.SendAsync(message);
        await _site.Server.WaitForAsync(id, "delivered");
        return Assert.Single(_site.Relay.Mails);
    }

    private static Task<string> ReadAsync(string file) => File.ReadAllTextAsync(file, Encoding.Latin1, TestContext.Current.CancellationToken);
}
