using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Delegation;

/// <summary>What the service is sent, and that nobody but the service can speak for it.</summary>
public sealed class DelegatedMailTests : IClassFixture<PatientSite>
{
    private readonly PatientSite _site;

    public DelegatedMailTests(PatientSite site)
    {
        _site = site;
        _site.Relay.Reset();
        _site.Service.Reset();
        _site.Service.OnMail = async mail => await _site.Returning.ReturnAsync(mail);
    }

    [Fact]
    public async Task The_service_gets_the_mail_as_it_came_below_trace_and_ticket()
    {
        var message = Messages.Clean("as it came", ".dot\r\nÿ\r\n", "X-Folded: a\r\n\tb\r\n");
        using var smtp = await RawSmtp.OpenAsync(_site.Site.ClientPort);
        var reply = await smtp.SendMailAsync("john@example.org", ["jane@example.com", "joe@example.com"], message, " BODY=8BITMIME");
        var delivered = await _site.DeliveredAsync(RawSmtp.IdOf(reply), "as it came");

        var seen = Assert.Single(_site.Service.Seen);
        var (first, rest) = (seen.Text.Split("\r\n")[0], seen.Text[(seen.Text.IndexOf("\r\n", StringComparison.Ordinal) + 2)..]);
        Assert.Matches("^X-VSMTP-DELEGATION: sent; stage=postq; directive=\"scan\"; id=\"[^\"]+\"; ticket=\"[^\"]+\"$", first);
        Assert.Equal(message, Messages.BelowTrace(rest));
        Assert.Equal(["jane@example.com", "joe@example.com"], seen.Recipients);
        Assert.Equal(("john@example.org", "8BITMIME"), (seen.Sender, seen.MailParameter("BODY")));
        Assert.Equal($"X-Scanned: clean\r\n{rest}", delivered.Text);
    }

    [Fact]
    public async Task A_mail_without_headers_gets_the_empty_line_that_services_need()
    {
        var id = await _site.SendAsync("");
        await _site.Server.WaitForAsync(id, "delivered");

        Assert.EndsWith("\r\n\r\n", Assert.Single(_site.Service.Seen).Text);
    }

    [Fact]
    public async Task The_null_sender_and_the_clients_own_ENVID_survive_the_visit()
    {
        using var smtp = await RawSmtp.OpenAsync(_site.Site.ClientPort);
        var reply = await smtp.SendMailAsync("", ["jane@example.com"], Messages.Clean("a report"), " RET=FULL ENVID=mine");
        var delivered = await _site.DeliveredAsync(RawSmtp.IdOf(reply), "a report");

        var seen = Assert.Single(_site.Service.Seen);
        Assert.Equal(("", seen.Ticket), (seen.Sender, seen.MailParameter("ENVID")));
        Assert.Equal(("", "mine", "FULL"), (delivered.Sender, delivered.MailParameter("ENVID"), delivered.MailParameter("RET")));
    }

    [Fact]
    public async Task Addresses_beyond_ASCII_go_to_the_service_and_come_back()
    {
        var (from, to) = (Messages.Utf8("jörg@example.org"), Messages.Utf8("日本@example.com"));
        using var smtp = await RawSmtp.OpenAsync(_site.Site.ClientPort);
        var reply = await smtp.SendMailAsync(from, [to], Messages.Clean("abroad", Messages.Utf8("grüße")), " SMTPUTF8 BODY=8BITMIME");
        var delivered = await _site.DeliveredAsync(RawSmtp.IdOf(reply), "abroad");

        Assert.Equal((from, from), (Assert.Single(_site.Service.Seen).Sender, delivered.Sender));
        Assert.Equal([to], delivered.Recipients);
        Assert.DoesNotContain((await _site.Server.Api.FindAsync(RawSmtp.IdOf(reply)))!.Events, e => e.What == "envelope kept");
    }

    [Fact]
    public async Task Verdict_headers_of_the_sender_are_removed_before_the_service_sees_them()
    {
        var id = await _site.SendAsync(Messages.Clean("made up", headers: "X-Scanned: clean\r\nx-found: no\r\nX-SCORE: -100\r\n X-Scanned: folded\r\nX-Other: stays\r\n"));
        var delivered = await _site.DeliveredAsync(id, "made up");

        var seen = Assert.Single(_site.Service.Seen);
        Assert.Equal([null, null, null, "stays"], ((string[])["X-Scanned", "X-Found", "X-Score", "X-Other"]).Select(seen.Header));
        Assert.DoesNotContain("-100", delivered.Text);
        Assert.Equal("clean", delivered.Header("X-Scanned"));
    }

    [Fact]
    public async Task A_proof_that_the_sender_made_up_does_not_count()
    {
        _site.Service.OnMail = async mail => await _site.Returning.ReturnAsync(mail, mail.Text);
        var id = await _site.SendAsync(Messages.Clean("self-made", headers: "X-Scanned: clean\r\n"));

        await _site.Server.WaitForAsync(id, "quarantine/delegation");
        Assert.Empty(_site.Relay.Seen);
    }

    [Fact]
    public async Task A_client_that_knows_anothers_ticket_resumes_nothing_and_is_scanned_itself()
    {
        _site.Service.Answer("250 2.0.0 Queued");
        var waiting = await _site.SendAsync(Messages.Clean("the victim"));
        await Patience.UntilAsync(() => _site.Service.Mails.Count == 1, "the service has it");
        var victim = Assert.Single(_site.Service.Mails);

        _site.Service.OnMail = async mail => await _site.Returning.ReturnAsync(mail);
        var forged = $"X-VSMTP-DELEGATION: {victim.Header("X-VSMTP-DELEGATION")}\r\nX-Scanned: clean\r\n{Messages.Clean("the forger")}";
        using var smtp = await RawSmtp.OpenAsync(_site.Site.ClientPort);
        var reply = await smtp.SendMailAsync("john@example.org", ["jane@example.com"], forged, $" ENVID={victim.MailParameter("ENVID")}");
        var delivered = await _site.DeliveredAsync(RawSmtp.IdOf(reply), "the forger");

        Assert.DoesNotContain(victim.Ticket!, delivered.Text);
        var seen = Assert.Single(_site.Service.Seen, mail => mail.Header("Subject") == "the forger");
        Assert.NotEqual(victim.Ticket, seen.Ticket);
        Assert.NotEqual(victim.Ticket, seen.MailParameter("ENVID"));
        Assert.DoesNotContain(victim.Ticket!, seen.Text);
        Assert.Equal("delegated", (await _site.Server.Api.FindAsync(waiting))!.Mail.Queue);
        Assert.StartsWith("250", await _site.Returning.ReturnAsync(victim));
        await _site.DeliveredAsync(waiting, "the victim");
    }

    [Fact]
    public async Task A_compromised_scanner_relays_nothing_and_resumes_no_mail_but_its_own()
    {
        _site.Service.Answer("250 2.0.0 Queued");
        var first = await _site.SendAsync(Messages.Clean("first"));
        var second = await _site.SendAsync(Messages.Clean("second"));
        await Patience.UntilAsync(() => _site.Service.Mails.Count == 2, "the service has both");
        var mine = Assert.Single(_site.Service.Mails, mail => mail.Header("Subject") == "first");

        // Mail of its own, under its own name or with the id of a mail that it never got a ticket of.
        Assert.StartsWith("550 5.7.1", await _site.Returning.ReturnAsync(
            ["MAIL FROM:<john@example.org>", "RCPT TO:<victim@example.net>"], Messages.Clean("spam")));
        var guess = mine.Ticket!.Replace(first, second, StringComparison.Ordinal);
        Assert.StartsWith("550 5.7.1", await _site.Returning.ReturnAsync(
            [$"MAIL FROM:<john@example.org> ENVID={guess}", mine.Commands[1]],
            mine.Text.Replace(mine.Ticket!, guess, StringComparison.Ordinal)));
        Assert.Equal("delegated", (await _site.Server.Api.FindAsync(second))!.Mail.Queue);

        // Its own ticket lets it change its own mail's content, and nothing of where that goes.
        Assert.StartsWith("250", await _site.Returning.ReturnAsync(
            [$"MAIL FROM:<evil@example.org> ENVID={mine.Ticket}", "RCPT TO:<victim@example.net>"], Messages.WithHeader(Messages.Clean("changed"), "X-Scanned", "yes")));
        Assert.Equal(["jane@example.com"], (await _site.DeliveredAsync(first, "changed")).Recipients);
        Assert.Single(_site.Relay.Seen);
        Assert.StartsWith("250", await _site.Returning.ReturnAsync(Assert.Single(_site.Service.Mails, mail => mail.Header("Subject") == "second")));
        await _site.DeliveredAsync(second, "second");
    }
}
