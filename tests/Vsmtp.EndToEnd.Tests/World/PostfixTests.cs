using Vsmtp.Dashboard.Api;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.World;

/// <summary>Postfix is the far end, found by MX in a real name server; and a client that relays through us.</summary>
public sealed class PostfixTests(PostfixWorld site) : IClassFixture<PostfixWorld>
{
    private const string Client = "127.0.1.61";

    [Fact]
    public async Task It_takes_a_mail_by_TLS_and_what_arrives_is_what_was_sent()
    {
        const string body = ".\r\n..two dots\r\ntext\r\n";
        var id = await SendAsync("john@sender.example", Messages.Clean("by TLS", body), "jane@far.example");
        var delivered = await site.World.Server.WaitForAsync(id, "delivered");
        Assert.Contains("mx.far.example", Assert.Single(delivered.Recipients).Result!, StringComparison.Ordinal);
        var mail = await BehindAsync("by TLS");
        Assert.Contains($"from mx.example.com ", mail.Header("Received")!, StringComparison.Ordinal);
        Assert.Matches(@"\(using TLSv1\.[23] with cipher \S+ .*by mx\.far\.example \(Postfix\) with ESMTPS ", mail.Header("Received"));
        Assert.EndsWith($"\r\n\r\n{body}\r\n", mail.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("john@sender.example", "nobody@far.example", "5.1.1", "550 5.1.1 <nobody@far.example>: Recipient address rejected: no such name")]
    [InlineData("unwanted@sender.example", "jane@far.example", "5.7.1", "554 5.7.1 <unwanted@sender.example>: Sender address rejected: not you")]
    [InlineData("john@sender.example", "big@sizeless.example", "5.3.4", "552 5.3.4 Error: message file too big")]
    [InlineData("john@sender.example", "big@far.example", "5.3.4", null)]
    [InlineData("john@sender.example", "j\u00f6rg@far.example", "5.6.7", null)]
    public async Task What_it_refuses_for_good_bounces(string sender, string recipient, string status, string? reply)
    {
        var subject = $"to {Guid.NewGuid():N}";
        var body = recipient.StartsWith("big@", StringComparison.Ordinal) ? string.Concat(Enumerable.Repeat("0123456789\r\n", 10_000)) : "text";
        var id = await SendAsync(sender, Messages.Clean(subject, body), recipient);
        await site.World.Server.WaitForAsync(id, "bounced");
        var told = await ToldAsync(sender, subject);
        var fields = Assert.Single(told.Recipients);
        var final = $"{(recipient.All(char.IsAscii) ? "rfc822" : "utf-8")}; {recipient}";
        Assert.Equal((final, "failed", status), (fields["final-recipient"], fields["action"], fields["status"]));
        Assert.Equal(reply is null ? null : $"smtp; {reply}", fields.GetValueOrDefault("diagnostic-code"));
        // Where its announcements were enough, it never saw the mail.
        Assert.Equal(reply is null ? null : $"dns; mx.{recipient.Split('@')[1]}", fields.GetValueOrDefault("remote-mta"));
        Assert.Contains(reply ?? "the next server", told.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_of_three_recipients_has_an_end_of_its_own()
    {
        var id = await SendAsync("john@sender.example", Messages.Clean("three"), "jane@far.example", "full@far.example", "nobody@far.example");
        var deferred = await site.World.Server.WaitForAsync(id, "deferred");
        Assert.Equal(["delivered", "waiting", "bounced"], deferred.Recipients.Select(recipient => recipient.Status));
        Assert.Contains("450 4.2.2 <full@far.example>: Recipient address rejected: it is full", deferred.Mail.Reason, StringComparison.Ordinal);
        Assert.Equal(["jane@far.example"], (await BehindAsync("three")).Recipients);
        var told = await ToldAsync("john@sender.example", "three");
        Assert.Equal("rfc822; nobody@far.example", Assert.Single(told.Recipients)["final-recipient"]);
    }

    [Fact]
    public async Task What_a_sender_asks_of_notifications_goes_on_to_it_and_is_its_to_do()
    {
        await AskAsync("passed on");
        var passed = await BehindAsync("passed on");
        Assert.Equal(("HDRS", "case+2B7"), (passed.MailParameter("RET"), passed.MailParameter("ENVID")));
        Assert.Equal("RCPT TO:<jane@far.example> ORCPT=rfc822;jane+2Bold@far.example NOTIFY=SUCCESS,DELAY", passed.Commands[1]);

        // A server behind Postfix that knows no DSN: Postfix says so, once, and we say nothing.
        var usual = site.Behind.Announced;
        site.Behind.Announced = [.. usual.Except(["DSN"])];
        var delivered = await AskAsync("relayed by Postfix");
        var told = await Find(site.Behind, mail => mail.Recipients.Contains("asks@sender.example"));
        site.Behind.Announced = usual;
        var read = await ReadNotification.OfAsync(told.Bytes);
        Assert.Equal(("dns; mx.far.example", "case+7"), (read.Message["reporting-mta"], read.Message["original-envelope-id"]));
        var fields = Assert.Single(read.Recipients);
        Assert.Equal(("relayed", "rfc822;jane+old@far.example"), (fields["action"], fields["original-recipient"]));
        Assert.DoesNotContain(delivered.Events, one => one.What == "notified");
        Assert.DoesNotContain(site.Senders.Mails, mail => mail.Recipients.Contains("asks@sender.example"));

        async Task<ApiMailDetails> AskAsync(string subject)
        {
            using var smtp = await RawSmtp.OpenAsync(site.World.Site.ClientPort);
            await smtp.AskAsync("MAIL FROM:<asks@sender.example> RET=HDRS ENVID=case+2B7");
            await smtp.AskAsync("RCPT TO:<jane@far.example> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;jane+2Bold@far.example");
            var id = RawSmtp.IdOf(await smtp.SendDataAsync(Messages.Clean(subject)));
            return await site.World.Server.WaitForAsync(id, "delivered");
        }
    }

    [Fact]
    public async Task As_a_client_it_hears_of_what_we_refuse_and_its_users_of_what_we_could_not_deliver()
    {
        await using var client = await Postfix.StartAsync("client.example", [$"{Client}:{site.World.Port}"], $"""
            mynetworks = 127.0.0.0/8
            relayhost = [127.0.0.1]:{site.World.Site.ClientPort}
            """);
        await RelayAsync("jane@far.example", "relayed");
        Assert.Contains("by mx.example.com ", (await BehindAsync("relayed")).Text, StringComparison.Ordinal);

        // We take it, and far.example does not: the notification is ours.
        await RelayAsync("nobody@far.example", "relayed in vain");
        var ours = await ToldAsync("relays@sender.example", "relayed in vain");
        Assert.Equal(("dns; mx.example.com", "5.1.1"), (ours.Message["reporting-mta"], ours.Recipients[0]["status"]));

        // We do not take it: the notification is Postfix', and comes through us with the null reverse path.
        await RelayAsync("denied@far.example", "not relayed");
        var its = await ToldAsync("relays@sender.example", "not relayed");
        Assert.Equal(("dns; client.example", "5.7.1"), (its.Message["reporting-mta"], its.Recipients[0]["status"]));
        Assert.Equal("smtp; 550 5.7.1 not through here", its.Recipients[0]["diagnostic-code"]);
        await Patience.UntilAsync(() => !client.HasMails, "Postfix' queues empty", () => client.Log);
        Assert.Equal(2, site.Senders.Mails.Count(mail => mail.Recipients.Contains("relays@sender.example")));

        async Task RelayAsync(string recipient, string subject)
        {
            using var smtp = await RawSmtp.OpenAsync(site.World.Port, Client);
            Assert.StartsWith("250", await smtp.SendMailAsync("relays@sender.example", [recipient], Messages.Clean(subject)));
        }
    }

    private async Task<string> SendAsync(string sender, string message, params string[] recipients)
    {
        using var smtp = await RawSmtp.OpenAsync(site.World.Site.ClientPort);
        var isUtf8 = !recipients.All(recipient => recipient.All(char.IsAscii));
        return RawSmtp.IdOf(await smtp.SendMailAsync(sender, recipients.Select(Messages.Utf8), message, isUtf8 ? " SMTPUTF8" : ""));
    }

    private Task<ReceivedMail> BehindAsync(string subject) => Find(site.Behind, mail => mail.Header("Subject") == subject);

    /// <summary>The one notification to a sender about a mail of this subject.</summary>
    private async Task<ReadNotification> ToldAsync(string sender, string subject)
    {
        var about = $"\r\nSubject: {subject}\r\n";
        var mail = await Find(site.Senders, mail => mail.Recipients.Contains(sender) && mail.Text.Contains(about, StringComparison.Ordinal));
        Assert.Equal("", mail.Sender);
        return await ReadNotification.OfAsync(mail.Bytes);
    }

    private async Task<ReceivedMail> Find(ScriptedServer server, Func<ReceivedMail, bool> isIt)
    {
        await Patience.UntilAsync(
            () => server.Mails.Any(isIt), "the mail", () => $"{site.Postfix.Log}\n{string.Join('\n', server.Mails.Select(mail => mail.Text))}", seconds: 20);
        return Assert.Single(server.Mails, mail => isIt(mail));
    }
}
