using Vsmtp.Dashboard.Api;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Delegation;

/// <summary>What may come back to the receiver and what it does: the table of design rule 5.</summary>
public sealed class ReturnTests : IClassFixture<PatientSite>
{
    private const string NoTicket = "550 5.7.1";

    private readonly PatientSite _site;

    public ReturnTests(PatientSite site)
    {
        _site = site;
        _site.Relay.Reset();
        _site.Service.Reset();
    }

    [Fact]
    public async Task A_live_ticket_resumes_and_only_once()
    {
        var (id, mail) = await QueuedAsync("once");
        Assert.Empty(_site.Relay.Seen);

        Assert.StartsWith("250", await _site.Returning.ReturnAsync(mail));
        var delivered = await _site.DeliveredAsync(id, "once");
        Assert.Equal("clean", delivered.Header("X-Scanned"));
        Assert.Null(delivered.Ticket);

        Assert.StartsWith("250", await _site.Returning.ReturnAsync(mail, Messages.WithHeader(mail.Text, "X-Found", "too late")));
        await HasEventAsync(id, "discarded");
        Assert.Single(_site.Relay.Seen);
    }

    [Fact]
    public async Task A_synchronous_service_gets_the_receivers_250_as_its_own()
    {
        string? reply = null;
        _site.Service.OnMail = async mail => reply = await _site.Returning.ReturnAsync(mail);
        var id = await _site.SendAsync(Messages.Clean("in line"));

        await _site.DeliveredAsync(id, "in line");
        Assert.StartsWith("250", reply);
        Assert.DoesNotContain((await _site.Server.Api.FindAsync(id))!.Events, e => e.What is "sent" or "retry" or "absorbed");
    }

    [Fact]
    public async Task A_verdict_in_the_returned_mail_decides()
    {
        _site.Service.OnMail = async mail => await _site.Returning.ReturnAsync(mail, Messages.WithHeader(mail.Text, "X-Found", "a virus"));
        var id = await _site.SendAsync(Messages.Clean("bad"));

        await _site.Server.WaitForAsync(id, "quarantine/virus_q");
        Assert.Empty(_site.Relay.Seen);
    }

    [Fact]
    public async Task A_return_for_a_mail_that_was_decided_otherwise_is_discarded()
    {
        _site.Service.Answer("550 5.7.1 I do not want it");
        var id = await _site.SendAsync(Messages.Clean("decided"));
        await _site.Server.WaitForAsync(id, "quarantine/delegation");

        Assert.StartsWith("250", await _site.Returning.ReturnAsync(Assert.Single(_site.Service.Seen)));
        await HasEventAsync(id, "discarded");
        Assert.Equal("quarantine/delegation", (await _site.Server.Api.FindAsync(id))!.Mail.Queue);
        Assert.Empty(_site.Relay.Seen);
    }

    [Fact]
    public async Task A_return_for_a_mail_that_was_deleted_is_discarded()
    {
        _site.Service.Answer("550 5.7.1 I do not want it");
        var id = await _site.SendAsync(Messages.Clean("deleted"));
        await _site.Server.WaitForAsync(id, "quarantine/delegation");
        Assert.True((await _site.Server.Api.ActAsync(id, "remove")).IsDone);

        Assert.StartsWith("250", await _site.Returning.ReturnAsync(Assert.Single(_site.Service.Seen)));
        await HasEventAsync(id, "discarded");
        Assert.Equal("removed", (await _site.Server.Api.FindAsync(id))!.Mail.Queue);
    }

    [Fact]
    public async Task A_mail_without_a_ticket_is_refused_and_not_stored()
    {
        var before = await _site.Server.Api.ListAsync(queue: null);
        Assert.StartsWith(NoTicket, await _site.Returning.ReturnAsync(
            ["MAIL FROM:<john@example.org>", "RCPT TO:<victim@example.net>"], Messages.Clean("relay me")));

        Assert.Equal(before.Length, (await _site.Server.Api.ListAsync(queue: null)).Length);
        Assert.Empty(_site.Relay.Seen);
    }

    [Theory]
    [InlineData("another secret")]
    [InlineData("another mail")]
    [InlineData("no secret")]
    [InlineData("a path")]
    public async Task A_ticket_that_was_never_given_is_refused(string kind)
    {
        var (id, mail) = await QueuedAsync("waiting for " + kind);
        var (mailId, secret) = (mail.Ticket!.Split('.')[0], mail.Ticket!.Split('.')[1]);
        var ticket = kind switch
        {
            "another secret" => $"{mailId}.{new string(secret.Reverse().ToArray())}",
            "another mail" => $"m-00-00000000000000000000000000.{secret}",
            "no secret" => mailId,
            _ => $"../../{mailId}.{secret}",
        };
        var message = mail.Text.Replace(mail.Ticket!, ticket, StringComparison.Ordinal);
        IReadOnlyList<string> commands = [$"MAIL FROM:<john@example.org> ENVID={ticket}", mail.Commands[1]];

        Assert.StartsWith(NoTicket, await _site.Returning.ReturnAsync(commands, message));
        Assert.Equal("delegated", (await _site.Server.Api.FindAsync(id))!.Mail.Queue);
        Assert.StartsWith("250", await _site.Returning.ReturnAsync(mail));
        await _site.Server.WaitForAsync(id, "delivered");
    }

    [Fact]
    public async Task Senders_and_recipients_of_the_service_change_nothing_and_are_told()
    {
        var (id, mail) = await QueuedAsync("kept");
        IReadOnlyList<string> others = [mail.Commands[0].Replace("john@", "evil@", StringComparison.Ordinal), "RCPT TO:<victim@example.net>"];
        Assert.StartsWith("250", await _site.Returning.ReturnAsync(others, Messages.WithHeader(mail.Text, "X-Scanned", "clean")));

        var delivered = await _site.DeliveredAsync(id, "kept");
        Assert.Equal("john@example.org", delivered.Sender);
        Assert.Equal(["jane@example.com"], delivered.Recipients);
        var told = await HasEventAsync(id, "envelope kept");
        Assert.Contains("victim@example.net", told.Why);
        Assert.Contains("evil@example.org", told.Why);
    }

    [Fact]
    public async Task Of_two_returns_at_once_both_get_250_and_one_resumes()
    {
        var (id, mail) = await QueuedAsync("twice");
        var message = Messages.WithHeader(mail.Text, "X-Scanned", "clean");
        using var one = await RawSmtp.OpenAsync(_site.Site.ReceiverPort);
        using var other = await RawSmtp.OpenAsync(_site.Site.ReceiverPort);
        var replies = await Task.WhenAll(
            ReturningService.ReturnAsync(one, mail.Commands, message), ReturningService.ReturnAsync(other, mail.Commands, message));

        Assert.All(replies, reply => Assert.StartsWith("250", reply));
        await _site.DeliveredAsync(id, "twice");
        await HasEventAsync(id, "discarded");
        Assert.Single((await _site.Server.Api.FindAsync(id))!.Events, e => e.What == "returned");
        Assert.Single(_site.Relay.Seen);
    }

    [Fact]
    public async Task A_return_after_a_failed_send_counts_and_no_second_attempt_is_delivered()
    {
        _site.Service.Answer("451 4.3.0 Local error");        // clamsmtpd when our receiver is slow, which then accepts all the same
        var id = await _site.SendAsync(Messages.Clean("failed but here"));
        await HasEventAsync(id, "retry");
        var first = _site.Service.Seen.First();

        Assert.StartsWith("250", await _site.Returning.ReturnAsync(first));
        await _site.DeliveredAsync(id, "failed but here");
        Assert.Single(_site.Relay.Seen);
    }

    [Fact]
    public async Task The_ticket_of_an_earlier_attempt_resumes_while_the_directive_waits()
    {
        var answers = new Queue<string>(["451 4.3.0 Local error", "250 2.0.0 Queued"]);
        _site.Service.OnMail = _ => Task.FromResult<string?>(answers.Dequeue());
        var id = await _site.SendAsync(Messages.Clean("two attempts"));
        await HasEventAsync(id, "sent");
        var attempts = _site.Service.Seen.ToArray();
        Assert.Equal(2, attempts.Select(mail => mail.Ticket).Distinct().Count());

        Assert.StartsWith("250", await _site.Returning.ReturnAsync(attempts[0]));
        await _site.DeliveredAsync(id, "two attempts");
        Assert.StartsWith("250", await _site.Returning.ReturnAsync(attempts[1]));
        await HasEventAsync(id, "discarded");
        Assert.Single(_site.Relay.Seen);
    }

    [Fact]
    public async Task A_service_that_wraps_the_mail_is_known_by_the_ENVID()
    {
        var (id, mail) = await QueuedAsync("wrapped");
        const string Boundary = "----=_wrap";
        var wrapped = $"From: <filter@example.com>\r\nSubject: wrapped\r\nX-Scanned: yes\r\nMIME-Version: 1.0\r\n"
            + $"Content-Type: multipart/mixed; boundary=\"{Boundary}\"\r\n\r\n--{Boundary}\r\nContent-Type: text/plain\r\n\r\nSee below.\r\n"
            + $"--{Boundary}\r\nContent-Type: message/rfc822\r\n\r\n{mail.Text}\r\n--{Boundary}--\r\n";
        Assert.StartsWith("250", await _site.Returning.ReturnAsync(mail, wrapped));

        Assert.Equal(wrapped, (await _site.DeliveredAsync(id, "wrapped")).Text);
    }

    [Fact]
    public async Task A_service_that_strips_the_ENVID_is_known_by_the_header()
    {
        var (id, mail) = await QueuedAsync("stripped");
        Assert.Equal(mail.Ticket, mail.MailParameter("ENVID"));
        var message = Messages.WithHeader($"X-Filter: on\r\n{mail.Text}", "X-Scanned", "clean");
        Assert.StartsWith("250", await _site.Returning.ReturnAsync(ReturningService.Without("ENVID", mail.Commands), message));

        Assert.Null((await _site.DeliveredAsync(id, "stripped")).Ticket);
    }

    [Fact]
    public async Task A_header_that_was_folded_anew_and_moved_down_still_carries_the_ticket()
    {
        var (id, mail) = await QueuedAsync("refolded");
        var (header, rest) = (mail.Text.Split("\r\n")[0], mail.Text[(mail.Text.IndexOf("\r\n", StringComparison.Ordinal) + 2)..]);
        Assert.StartsWith("X-VSMTP-DELEGATION: ", header);
        var folded = header.Replace("; ", ";\r\n\t", StringComparison.Ordinal).Replace("X-VSMTP-DELEGATION", "X-Vsmtp-Delegation", StringComparison.Ordinal);
        var below = rest.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var message = $"Received: from filter\r\n\tby filter; today\r\nX-Scanned: yes\r\n{rest[..below]}\r\n{folded}{rest[below..]}";
        Assert.StartsWith("250", await _site.Returning.ReturnAsync(ReturningService.Without("ENVID", mail.Commands), message));

        var delivered = await _site.DeliveredAsync(id, "refolded");
        Assert.Equal(message.Replace(folded + "\r\n", "", StringComparison.Ordinal), delivered.Text);
    }

    [Fact]
    public async Task A_service_without_DSN_is_sent_the_header_alone()
    {
        await using var site = await RunningSite.StartAsync(RunningSite.OneDelegation, "");    // kept connections know what was announced
        site.Service.Announced = ["8BITMIME"];
        site.Service.OnMail = async mail => await site.Returning.ReturnAsync(mail);
        var id = await site.SendAsync(Messages.Clean("no DSN"));

        await site.DeliveredAsync(id, "no DSN");
        var seen = Assert.Single(site.Service.Seen);
        Assert.Null(seen.MailParameter("ENVID"));
        Assert.NotNull(seen.Ticket);
    }

    [Fact]
    public async Task Smuggling_is_refused_on_the_way_back_too()
    {
        var (id, mail) = await QueuedAsync("smuggled");
        using var smtp = await RawSmtp.OpenAsync(_site.Site.ReceiverPort);
        foreach (var command in mail.Commands) Assert.StartsWith("250", await smtp.AskAsync(command));
        Assert.StartsWith("354", await smtp.AskAsync("DATA"));
        await smtp.SendAsync($"X-Scanned: yes\r\n{mail.Text}\n.\nMAIL FROM:<evil@example.org>\r\n.\r\n");

        Assert.StartsWith("5", await smtp.ReadReplyAsync());
        Assert.StartsWith("250", await smtp.AskAsync("NOOP"));
        Assert.Equal("delegated", (await _site.Server.Api.FindAsync(id))!.Mail.Queue);
        Assert.StartsWith("250", await _site.Returning.ReturnAsync(mail));
        await _site.DeliveredAsync(id, "smuggled");
    }

    [Fact]
    public async Task The_receiver_answers_DATA_and_RSET_with_one_line()
    {
        using var smtp = await RawSmtp.OpenAsync(_site.Site.ReceiverPort);
        Assert.DoesNotContain('\n', await smtp.AskAsync("MAIL FROM:<john@example.org>"));
        Assert.DoesNotContain('\n', await smtp.AskAsync("RCPT TO:<jane@example.com>"));
        Assert.DoesNotContain('\n', await smtp.AskAsync("RSET"));
        await smtp.AskAsync("MAIL FROM:<john@example.org>");
        await smtp.AskAsync("RCPT TO:<jane@example.com>");
        Assert.Matches("^354 [^\n]*$", await smtp.AskAsync("DATA"));
    }

    [Fact]
    public async Task A_service_that_came_before_its_250_and_lets_go_behind_it_has_absorbed_the_mail()
    {
        // clamsmtpd says RSET and 250 at once, and which of them we hear first is chance.
        var came = new TaskCompletionSource<RawSmtp>(TaskCreationOptions.RunContinuationsAsynchronously);
        _site.Service.OnMail = async mail =>
        {
            var smtp = await RawSmtp.OpenAsync(_site.Site.ReceiverPort);
            foreach (var command in mail.Commands) Assert.StartsWith("250", await smtp.AskAsync(command));
            came.SetResult(smtp);
            return "250 Virus Detected; Discarded Email";
        };
        var id = await _site.SendAsync(Messages.Clean("let go late"));
        using var service = await came.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        await HasEventAsync(id, "sent");
        Assert.StartsWith("250", await service.AskAsync("RSET"));

        var quarantined = await _site.Server.WaitForAsync(id, "quarantine/delegation");    // long before the deadline of 5 minutes
        Assert.Contains("absorbed", quarantined.Mail.Reason);
        Assert.Contains(quarantined.Events, e => e.What == "absorbed" && e.Why.Contains("Discarded Email", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_service_that_came_after_its_250_and_let_go_may_come_again()
    {
        var (id, mail) = await QueuedAsync("comes again");
        await _site.Returning.LetGoAsync(mail, "RSET");

        Assert.Equal("delegated", (await _site.Server.Api.FindAsync(id))!.Mail.Queue);
        Assert.StartsWith("250", await _site.Returning.ReturnAsync(mail));
        await _site.DeliveredAsync(id, "comes again");
    }

    [Fact]
    public async Task A_header_section_as_large_as_clients_may_send_comes_back_too()
    {
        _site.Service.OnMail = async mail => await _site.Returning.ReturnAsync(mail);
        // All of the 256 KiB that a client may send; our trace, the ticket and the service's verdict come on top of it.
        var message = WithHeaderSection(Messages.Clean("tall"), 256 * 1024);
        var id = await _site.SendAsync(message);

        var delivered = await _site.DeliveredAsync(id, "tall");
        Assert.StartsWith("X-Scanned: clean\r\n", delivered.Text);
        Assert.True(Messages.BelowTrace(delivered.Text[18..]) == message, "the message was changed");
    }

    /// <summary>The message with so many fields more that its header section has a length, the empty line included.</summary>
    private static string WithHeaderSection(string message, int length)
    {
        const int LongField = 900;
        var missing = length - message.IndexOf("\r\n\r\n", StringComparison.Ordinal) - 4;
        var fields = new List<string>();
        for (; missing > 2 * LongField; missing -= LongField) fields.Add($"X-Long: {new string('h', LongField - 10)}\r\n");
        return $"{string.Concat(fields)}X-Last: {new string('h', missing - 10)}\r\n{message}";
    }

    /// <summary>A mail that the service has taken and not yet brought back.</summary>
    private async Task<(string Id, ReceivedMail Mail)> QueuedAsync(string subject)
    {
        var id = await _site.SendAsync(Messages.Clean(subject));
        await HasEventAsync(id, "sent");
        return (id, Assert.Single(_site.Service.Mails));
    }

    private async Task<ApiEvent> HasEventAsync(string id, string what)
    {
        ApiEvent? found = null;
        await Patience.UntilAsync(
            async () => (found = (await _site.Server.Api.FindAsync(id))?.Events.FirstOrDefault(e => e.What == what)) is not null, $"{what} in the history of {id}");
        return found!;
    }
}
