using Vsmtp.EndToEnd.Tests.Support;
using Vsmtp.EndToEnd.Tests.World;

namespace Vsmtp.EndToEnd.Tests.Mailboxes;

/// <summary>Mail is forwarded by LMTP to Dovecot, which answers for each recipient.</summary>
public sealed class DovecotTests(DovecotSite site) : IClassFixture<DovecotSite>
{
    private const int Megabyte = 1024 * 1024;

    [Fact]
    public async Task Each_recipient_of_one_mail_has_the_end_that_Dovecot_gives_it()
    {
        var id = await site.Site.SendAsync(
            Messages.Clean("to five", string.Concat(Enumerable.Repeat("0123456789\r\n", 100))), "john@example.com",
            "jane@example.com", "stranger@example.com", "over@example.com", "full@example.com", "kim@example.com");

        var deferred = await site.Site.Server.WaitForAsync(id, "deferred");
        Assert.Equal(["delivered", "bounced", "bounced", "waiting", "delivered"], deferred.Recipients.Select(recipient => recipient.Status));
        Assert.Contains("452 4.2.2 <full@example.com> Quota exceeded", deferred.Mail.Reason, StringComparison.Ordinal);
        Assert.Single(site.Dovecot.MailsOf("jane@example.com"));
        Assert.Single(site.Dovecot.MailsOf("kim@example.com"));
        Assert.Empty(site.Dovecot.MailsOf("over@example.com").Concat(site.Dovecot.MailsOf("full@example.com")));

        // The sender has a mailbox there too.
        await Patience.UntilAsync(() => site.Dovecot.MailsOf("john@example.com").Length > 0, "the notification", () => site.Dovecot.Log);
        var told = await ReadNotification.OfAsync([.. Assert.Single(site.Dovecot.MailsOf("john@example.com")).Select(octet => (byte)octet)]);
        Assert.Equal(["rfc822; stranger@example.com", "rfc822; over@example.com"], told.Recipients.Select(fields => fields["final-recipient"]));
        Assert.Equal(["5.1.1", "5.2.2"], told.Recipients.Select(fields => fields["status"]));
        Assert.All(told.Recipients, fields => Assert.Equal("dns; [127.0.0.1]", fields["remote-mta"]));
        Assert.StartsWith("smtp; 550 5.1.1 <stranger@example.com> User doesn't", told.Recipients[0]["diagnostic-code"], StringComparison.Ordinal);
        Assert.StartsWith("smtp; 552 5.2.2 <over@example.com> Quota exceeded", told.Recipients[1]["diagnostic-code"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plain", "plain text\r\n", "")]
    [InlineData("dots", ".\r\n..\r\n.leading\r\n\r\n.\r\n", "")]
    [InlineData("octets", "caf\u00c3\u00a9, and octets that are no text: \u00ff\u00fe\u0080\r\n", " BODY=8BITMIME")]
    [InlineData("empty", "", "")]
    public Task What_is_in_the_mailbox_is_what_was_sent_below_the_traces(string name, string body, string parameters) =>
        AssertKeptAsync(name, $"X-Odd:\tkept  as it is \r\nSubject: bytes\r\n\r\n{body}", parameters);

    [Fact]
    public Task Five_megabytes_arrive_whole()
    {
        var lines = Enumerable.Range(0, 5 * Megabyte / 64).Select(number => $".{number:D8}{new string('x', 53)}\r\n");
        return AssertKeptAsync("large", Messages.Clean("large") + string.Concat(lines), "");
    }

    private async Task AssertKeptAsync(string name, string message, string parameters)
    {
        using var smtp = await RawSmtp.OpenAsync(site.Site.Site.ClientPort);
        var reply = await smtp.SendMailAsync("john@example.com", [$"{name}@example.com"], message, parameters);
        await site.Site.Server.WaitForAsync(RawSmtp.IdOf(reply), "delivered");
        var kept = Assert.Single(site.Dovecot.MailsOf($"{name}@example.com"));
        Assert.True(kept.EndsWith(message, StringComparison.Ordinal), $"{reply}\n{kept[..Math.Min(2_000, kept.Length)]}");

        // Above it: what Dovecot writes, and our own trace.
        var added = kept[..^message.Length];
        Assert.Equal(
            ["Return-Path", "Delivered-To", "Received", "Received"],
            added.Split("\r\n").Where(line => line.Length > 0 && line[0] is not ('\t' or ' ')).Select(line => line.Split(':')[0]));
        Assert.Contains("\tby mx.example.com with ESMTP", added, StringComparison.Ordinal);
    }
}
