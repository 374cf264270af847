using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.InAndOut;

/// <summary>What another server may take for the end of a message must not pass ours (SMTP smuggling).</summary>
public sealed class SmugglingTests : IClassFixture<PlainSite>
{
    private readonly PlainSite _site;

    public SmugglingTests(PlainSite site)
    {
        _site = site;
        _site.Relay.Reset();
    }

    [Theory]
    [InlineData("\n.\n")]
    [InlineData("\n.\r\n")]
    [InlineData("\r\n.\n")]
    [InlineData("\r.\r")]
    [InlineData("\r.\r\n")]
    [InlineData("\r\n.\r")]
    [InlineData("\r\r\n.\r\r\n")]
    [InlineData("\r\n\0.\r\n")]
    public async Task A_false_end_of_data_neither_ends_the_message_nor_passes(string falseEnd)
    {
        using var smtp = await RawSmtp.OpenAsync(_site.Site.ClientPort);
        Assert.StartsWith("250", await smtp.AskAsync("MAIL FROM:<john@example.org>"));
        Assert.StartsWith("250", await smtp.AskAsync("RCPT TO:<jane@example.com>"));
        Assert.StartsWith("354", await smtp.AskAsync("DATA"));
        await smtp.SendAsync($"Subject: outer\r\n\r\ntext{falseEnd}MAIL FROM:<evil@example.org>\r\nRCPT TO:<jane@example.com>\r\nDATA\r\nSubject: inner\r\n\r\ntext\r\n.\r\n");

        Assert.StartsWith("5", await smtp.ReadReplyAsync());
        Assert.StartsWith("250", await smtp.AskAsync("NOOP"));    // one reply to all of it: what was inside was no command
        var reply = await smtp.SendMailAsync("john@example.org", ["jane@example.com"], Messages.Clean("behind"));
        await _site.DeliveredAsync(RawSmtp.IdOf(reply), "behind");
        Assert.Single(_site.Relay.Seen);
        Assert.Empty(await _site.Server.Api.ListAsync(queue: null));
    }

    [Theory]
    [InlineData(" by trusted.example with ESMTPS\r\nSubject: forged\r\n\r\ntext\r\n")]
    [InlineData("\tforged\r\n")]
    public async Task A_first_line_that_begins_with_a_blank_does_not_become_part_of_our_trace(string message)
    {
        using var smtp = await RawSmtp.OpenAsync(_site.Site.ClientPort);
        var id = RawSmtp.IdOf(await smtp.SendMailAsync("john@example.org", ["jane@example.com"], message));
        await _site.Server.WaitForAsync(id, "delivered");
        var mail = Assert.Single(_site.Relay.Mails);
        Assert.DoesNotContain("trusted.example", mail.Header("Received"));
        Assert.Null(mail.Header("Subject"));
        Assert.EndsWith("\r\n\r\n" + message, mail.Text);
        Assert.Equal("\r\n" + message, mail.TextBelowTrace);
    }
}
