using Vsmtp.Dashboard.Api;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.World;

/// <summary>What senders ask to be told of, and are told by the whole program (RFC 3461, RFC 3464, RFC 6533).</summary>
public sealed class NotificationTests(NotificationWorld site) : IClassFixture<NotificationWorld>
{
    private const string John = "john@sender.example";
    private const string Body = "All is well.";

    /// <summary>Of this test alone.</summary>
    private readonly string _subject = $"of {Guid.NewGuid():N}";

    [Fact]
    public async Task Where_the_next_server_knows_no_DSN_it_is_ours_to_say_that_the_mail_was_relayed()
    {
        var mail = await SendAsync(
            $"MAIL FROM:<{John}> RET=HDRS ENVID=case+2B7+3Da", "RCPT TO:<jane@next.example> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;jane+2Bold@next.example", "delivered");
        var passed = Assert.Single(site.Next.Mails, IsMail);
        Assert.Equal(("RCPT TO:<jane@next.example>", null, null), (passed.Commands[1], passed.MailParameter("RET"), passed.MailParameter("ENVID")));

        var told = await ToldAsync();
        Assert.Equal(("dns; mx.example.com", "case+7=a"), (told.Message["reporting-mta"], told.Message["original-envelope-id"]));
        Assert.Contains("arrival-date", told.Message);
        AssertFields(told, "rfc822; jane@next.example", "relayed", "2.0.0", original: "rfc822; jane+old@next.example");
        Assert.Equal(["text/plain", "message/delivery-status", "text/rfc822-headers"], told.Parts);
        Assert.Single(mail.Events, one => one.What == "notified");
    }

    [Fact]
    public async Task A_mailbox_of_ours_says_delivered()
    {
        await SendAsync($"MAIL FROM:<{John}>", "RCPT TO:<jane@local.example> NOTIFY=SUCCESS", "delivered");
        Assert.Single(Directory.GetFiles(Path.Combine(site.World.Site.MailFolder, "local.example", "jane", "new")));
        var told = await ToldAsync();
        AssertFields(told, "rfc822; jane@local.example", "delivered", "2.0.0");
        Assert.DoesNotContain("original-envelope-id", told.Message);
    }

    [Theory]
    [InlineData("next.example", "")]
    [InlineData("next.example", " NOTIFY=FAILURE,DELAY")]
    [InlineData("next.example", " NOTIFY=NEVER")]
    [InlineData("dsn.example", " NOTIFY=SUCCESS,FAILURE,DELAY")]
    [InlineData("local.example", "")]
    public async Task Of_success_nobody_is_told_who_did_not_ask_or_whom_another_server_tells(string domain, string notify)
    {
        AssertNotTold(await SendAsync($"MAIL FROM:<{John}> ENVID=x RET=FULL", $"RCPT TO:<jack@{domain}>{notify}", "delivered"));
        if (domain == "dsn.example") Assert.EndsWith(notify, Assert.Single(site.Dsn.Mails, IsMail).Commands[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("late1", " NOTIFY=DELAY", true)]
    [InlineData("late2", " NOTIFY=FAILURE,DELAY", true)]
    [InlineData("late3", "", true)]
    [InlineData("late4", " NOTIFY=FAILURE", false)]
    [InlineData("late5", " NOTIFY=SUCCESS,FAILURE", false)]
    [InlineData("late6", " NOTIFY=NEVER", false)]
    public async Task Of_a_delay_the_sender_is_told_once_unless_he_asked_for_other_things(string name, string notify, bool isTold)
    {
        var mail = await SendAsync($"MAIL FROM:<{John}> RET=FULL", $"RCPT TO:<{name}@dsn.example>{notify}", "delivered");
        Assert.Contains(mail.Events, one => one.What == "deferred");
        if (!isTold)
        {
            AssertNotTold(mail);
            return;
        }

        Assert.Single(mail.Events, one => one.What == "notified");
        var told = await ToldAsync();
        AssertFields(told, $"rfc822; {name}@dsn.example", "delayed", "4.2.1");
        Assert.Equal("smtp; 450 4.2.1 come later", told.Recipients[0]["diagnostic-code"]);
        Assert.Contains("will-retry-until", told.Recipients[0]);

        // RET is of failures alone (RFC 3461 §4.3).
        Assert.Equal("text/rfc822-headers", told.Parts[2]);
    }

    [Theory]
    [InlineData(John, " NOTIFY=NEVER")]
    [InlineData(John, " NOTIFY=SUCCESS,DELAY")]
    [InlineData("", "")]
    [InlineData("", " NOTIFY=FAILURE,SUCCESS,DELAY")]
    public async Task Of_a_failure_nobody_is_told_who_will_not_hear_of_it_or_is_a_report_himself(string sender, string notify)
    {
        var mail = await SendAsync($"MAIL FROM:<{sender}> RET=FULL", $"RCPT TO:<nobody@dsn.example>{notify}", "dead");
        Assert.Contains("no such name", mail.Mail.Reason, StringComparison.Ordinal);
        AssertNotTold(mail);
    }

    [Fact]
    public async Task A_report_that_is_refused_is_reported_to_nobody()
    {
        var mail = await SendAsync("MAIL FROM:<noreply@sender.example>", "RCPT TO:<nobody@dsn.example>", "bounced");
        var report = await site.World.Server.WaitForAsync(Assert.Single(mail.Events, one => one.What == "notified").Why.Split(' ')[^1], "dead");
        Assert.Equal(("", "noreply@sender.example"), (report.Mail.Sender, Assert.Single(report.Recipients).Address));
        AssertNotTold(report);
    }

    [Theory]
    [InlineData(" RET=FULL", true)]
    [InlineData(" RET=HDRS", false)]
    [InlineData("", false)]
    public async Task RET_says_whether_the_whole_message_comes_back(string ret, bool isWhole)
    {
        await SendAsync($"MAIL FROM:<{John}>{ret}", "RCPT TO:<nobody@dsn.example> NOTIFY=FAILURE ORCPT=rfc822;nobody@old.example", "bounced");
        var told = await ToldAsync();
        AssertFields(told, "rfc822; nobody@dsn.example", "failed", "5.1.1", original: "rfc822; nobody@old.example");
        Assert.Equal(isWhole ? "message/rfc822" : "text/rfc822-headers", told.Parts[2]);
        Assert.Contains($"Subject: {_subject}", told.Returned, StringComparison.Ordinal);
        Assert.Equal(isWhole, told.Returned.Contains(Body, StringComparison.Ordinal));
    }

    /// <summary>Its own envelope and header are ASCII: a sender's server need not know SMTPUTF8 (RFC 6531 §3.4 is of addresses and headers).</summary>
    [Theory]
    [InlineData("sender.example")]
    [InlineData("plain.example")]
    public async Task Of_a_recipient_beyond_ASCII_a_report_of_RFC_6533_comes(string domain)
    {
        var recipient = Messages.Utf8("no-jörg@dsn.example");
        await SendAsync($"MAIL FROM:<john@{domain}> SMTPUTF8", $"RCPT TO:<{recipient}> ORCPT=utf-8;{Messages.Utf8("jörg@old.example")}", "bounced");
        var mail = await ReportAsync(domain == "sender.example" ? site.Senders : site.PlainSenders);
        Assert.DoesNotContain("SMTPUTF8", mail.Commands[0], StringComparison.Ordinal);
        Assert.Equal("8BITMIME", mail.MailParameter("BODY"));
        Assert.Contains("\r\nContent-Type: message/global-delivery-status\r\n", mail.Text, StringComparison.Ordinal);
        Assert.Contains($"\r\nFinal-Recipient: utf-8; {recipient}\r\n", mail.Text, StringComparison.Ordinal);
        var told = await ReadNotification.OfAsync(mail.Bytes);
        Assert.Equal("message/global-delivery-status", told.Parts[1]);
        AssertFields(told, "utf-8; no-jörg@dsn.example", "failed", "5.1.1", original: "utf-8; jörg@old.example");
    }

    [Fact]
    public async Task A_sender_beyond_ASCII_is_told_under_SMTPUTF8()
    {
        await SendAsync($"MAIL FROM:<{Messages.Utf8("jörg@sender.example")}> SMTPUTF8", "RCPT TO:<nobody@dsn.example>", "bounced");
        var mail = await ReportAsync(site.Senders);
        Assert.Contains(" SMTPUTF8", mail.Commands[0], StringComparison.Ordinal);
        Assert.Equal([Messages.Utf8("jörg@sender.example")], mail.Recipients);
    }

    [Fact]
    public async Task And_where_his_server_has_none_an_operator_sees_why_he_is_not_told()
    {
        var mail = await SendAsync($"MAIL FROM:<{Messages.Utf8("jörg@plain.example")}> SMTPUTF8", "RCPT TO:<nobody@dsn.example>", "bounced");
        var report = await site.World.Server.WaitForAsync(Assert.Single(mail.Events, one => one.What == "notified").Why.Split(' ')[^1], "dead");
        Assert.Contains("SMTPUTF8", report.Mail.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(site.PlainSenders.Seen, IsReport);
    }

    /// <summary>A mail to one recipient, once it has ended.</summary>
    private async Task<ApiMailDetails> SendAsync(string mail, string rcpt, string queue)
    {
        using var smtp = await RawSmtp.OpenAsync(site.World.Site.ClientPort);
        Assert.StartsWith("250", await smtp.AskAsync(mail));
        Assert.StartsWith("250", await smtp.AskAsync(rcpt));
        var reply = await smtp.SendDataAsync(Messages.Clean(_subject, Body));
        Assert.StartsWith("250", reply);
        return await site.World.Server.WaitForAsync(RawSmtp.IdOf(reply), queue);
    }

    private async Task<ReadNotification> ToldAsync()
    {
        var mail = await ReportAsync(site.Senders);
        Assert.Equal([John], mail.Recipients);
        return await ReadNotification.OfAsync(mail.Bytes);
    }

    private async Task<ReceivedMail> ReportAsync(ScriptedServer senders)
    {
        await Patience.UntilAsync(() => senders.Mails.Any(IsReport), "the report", () => site.World.Server.Said);
        var mail = Assert.Single(senders.Mails, mail => IsReport(mail));
        Assert.Equal("", mail.Sender);
        return mail;
    }

    /// <summary>A mail that has ended tells of all that it set off.</summary>
    private void AssertNotTold(ApiMailDetails mail)
    {
        Assert.DoesNotContain(mail.Events, one => one.What == "notified");
        Assert.DoesNotContain(site.Senders.Seen, IsReport);
    }

    private static void AssertFields(ReadNotification told, string recipient, string action, string status, string? original = null)
    {
        var fields = Assert.Single(told.Recipients);
        Assert.Equal((recipient, action, status), (fields["final-recipient"], fields["action"], fields["status"]));
        Assert.Equal(original, fields.GetValueOrDefault("original-recipient"));
    }

    private bool IsMail(ReceivedMail mail) => mail.Header("Subject") == _subject;

    private bool IsReport(ReceivedMail mail) => mail.Sender.Length == 0 && mail.Text.Contains($"\r\nSubject: {_subject}\r\n", StringComparison.Ordinal);
}
