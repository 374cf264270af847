using System.Diagnostics;
using Vsmtp.Dashboard.Api;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Delegation;

/// <summary>What becomes of a mail whose service does not simply bring it back (design rule 7): nothing is lost, nothing passes unscanned.</summary>
public sealed class OutcomeTests : IClassFixture<HastySite>
{
    private readonly HastySite _site;

    public OutcomeTests(HastySite site)
    {
        _site = site;
        _site.Relay.Reset();
        _site.Service.Reset();
    }

    [Fact]
    public async Task Rejected_goes_to_quarantine_with_the_services_words()
    {
        _site.Service.Answer("550 5.7.1 Virus Detected; Content Rejected");
        var mail = await SendAsync("rejected", "quarantine/delegation");

        Assert.Contains("rejected: 550 5.7.1 Virus Detected; Content Rejected", mail.Mail.Reason);
        Assert.Single(_site.Service.Seen);
        Assert.Empty(_site.Relay.Seen);
    }

    [Fact]
    public async Task A_recipient_that_the_service_refuses_rejects_the_mail_as_a_whole()
    {
        _site.Service.OnCommand = command =>
            command.Contains("<joe@", StringComparison.Ordinal) ? "550 5.1.1 No joe" : "250 2.0.0 Ok";
        var id = await _site.SendAsync(Messages.Clean("no joe"), "john@example.org", "jane@example.com", "joe@example.com");
        var mail = await _site.Server.WaitForAsync(id, "quarantine/delegation");

        Assert.Contains("550 5.1.1 No joe", mail.Mail.Reason);
        Assert.Empty(_site.Service.Seen);
        Assert.Empty(_site.Relay.Seen);
    }

    [Theory]
    [InlineData("RSET")]
    [InlineData("QUIT")]
    public async Task Absorbed_is_known_at_once_when_the_service_left_the_receiver_without_the_mail(string lastCommand)
    {
        _site.Service.OnMail = async mail =>
        {
            await _site.Returning.LetGoAsync(mail, lastCommand);
            return "250 Virus Detected; Discarded Email";
        };
        var mail = await SendAsync("absorbed at once by " + lastCommand, "quarantine/delegation");

        Assert.Contains("absorbed", mail.Mail.Reason);
        Assert.DoesNotContain(mail.Events, e => e.What == "sent");    // no deadline was set: none was waited for
        Assert.Contains(mail.Events, e => e.What == "absorbed" && e.Why.Contains("Discarded Email", StringComparison.Ordinal));
        Assert.Empty(_site.Relay.Seen);
    }

    [Fact]
    public async Task A_service_that_only_lost_the_connection_to_the_receiver_still_may_bring_the_mail()
    {
        _site.Service.OnMail = async mail =>
        {
            using (var smtp = await RawSmtp.OpenAsync(_site.Site.ReceiverPort))
            {
                foreach (var command in mail.Commands) Assert.StartsWith("250", await smtp.AskAsync(command));
            }

            return "250 2.0.0 Queued";
        };
        var id = await _site.SendAsync(Messages.Clean("lost the line"));
        await Patience.UntilAsync(
            async () => (await _site.Server.Api.FindAsync(id))!.Events.Any(e => e.What is "sent" or "absorbed"), "an answer to the 250",
            () => ServerProcess.Describe(_site.Server.Api.FindAsync(id).Result!));
        Assert.StartsWith("250", await _site.Returning.ReturnAsync(Assert.Single(_site.Service.Mails)));

        await _site.DeliveredAsync(id, "lost the line");
    }

    [Fact]
    public async Task Absorbed_is_known_at_the_return_deadline()
    {
        _site.Service.Answer("250 2.0.0 I keep it");
        var clock = Stopwatch.StartNew();
        var mail = await SendAsync("absorbed", "quarantine/delegation");

        Assert.Contains("absorbed", mail.Mail.Reason);
        Assert.Contains(mail.Events, e => e.What == "sent" && e.Why.Contains("250 2.0.0 I keep it", StringComparison.Ordinal));
        Assert.True(clock.Elapsed >= TimeSpan.FromSeconds(2), "the deadline was not waited for");
        Assert.Empty(_site.Relay.Seen);
    }

    [Fact]
    public async Task Unscanned_goes_to_quarantine_though_the_service_brought_it_back()
    {
        _site.Service.OnMail = async mail => await _site.Returning.ReturnAsync(mail, mail.Text);
        var mail = await SendAsync("unscanned", "quarantine/delegation");

        Assert.Contains("unscanned: it came back without X-Scanned or X-Found", mail.Mail.Reason);
        Assert.Empty(_site.Relay.Seen);
    }

    [Fact]
    public async Task A_proof_in_the_body_or_in_an_attached_mail_proves_nothing()
    {
        _site.Service.OnMail = async mail => await _site.Returning.ReturnAsync(mail, $"{mail.Text}X-Scanned: clean\r\n\r\nX-Scanned: clean\r\n");
        var mail = await SendAsync("no proof", "quarantine/delegation");

        Assert.Contains("unscanned", mail.Mail.Reason);
        Assert.Empty(_site.Relay.Seen);
    }

    [Fact]
    public async Task A_mail_larger_than_the_service_is_given_is_unscanned_without_being_sent()
    {
        var id = await _site.SendAsync(Messages.Clean("too large", string.Concat(Enumerable.Repeat($"{new string('x', 76)}\r\n", 300))));
        var mail = await _site.Server.WaitForAsync(id, "quarantine/delegation");

        Assert.Contains("unscanned", mail.Mail.Reason);
        Assert.Contains("20000", mail.Mail.Reason);
        Assert.Empty(_site.Service.Seen);
        Assert.Empty(_site.Relay.Seen);
    }

    [Fact]
    public async Task Tempfailed_is_tried_again_until_it_is_fine()
    {
        var failures = new Queue<string>(["451 4.3.0 Local Error", "421 4.3.2 Server busy, too many connections"]);
        _site.Service.OnMail = async mail =>
            failures.TryDequeue(out var failure) ? failure : await _site.Returning.ReturnAsync(mail);
        var id = await _site.SendAsync(Messages.Clean("tempfailed"));

        await _site.DeliveredAsync(id, "tempfailed");
        var events = (await _site.Server.Api.FindAsync(id))!.Events;
        Assert.Contains(events, e => e.What == "retry" && e.Why.Contains("451 4.3.0 Local Error", StringComparison.Ordinal));
        Assert.Contains(events, e => e.What == "retry" && e.Why.Contains("421 4.3.2 Server busy", StringComparison.Ordinal));
        Assert.Equal(3, _site.Service.Seen.Select(mail => mail.Ticket).Distinct().Count());
        Assert.Single(_site.Relay.Seen);
    }

    [Fact]
    public async Task Unreachable_is_seen_in_delegated_and_fine_when_the_service_comes_up()
    {
        await _site.StopServiceAsync();
        var id = await _site.SendAsync(Messages.Clean("unreachable"));
        ApiMail? listed = null;
        await Patience.UntilAsync(
            async () => (listed = (await _site.Server.Api.ListAsync("delegated")).FirstOrDefault(mail => mail.Id == id)) is { Attempts: >= 2 }
                && listed.Reason.Contains("clamsmtpd unreachable", StringComparison.Ordinal),
            "two attempts and the reason in the queue delegated");
        Assert.Contains($"127.0.0.1:{_site.Site.ServicePort}", listed!.Reason);

        _site.StartService();
        _site.Service.OnMail = async mail => await _site.Returning.ReturnAsync(mail);
        await _site.DeliveredAsync(id, "unreachable");
    }

    [Fact]
    public async Task A_service_that_says_nothing_is_given_up_after_its_time_and_asked_again()
    {
        var isFirst = true;
        var never = new TaskCompletionSource<string?>();
        _site.Service.OnMail = mail =>
        {
            var answer = isFirst ? never.Task : Returned(mail);
            isFirst = false;
            return answer;
        };
        var id = await _site.SendAsync(Messages.Clean("silent"));

        await _site.DeliveredAsync(id, "silent");
        Assert.Contains((await _site.Server.Api.FindAsync(id))!.Events, e => e.What == "retry");
        Assert.Equal(2, _site.Service.Seen.Count);
        never.SetResult(null);

        async Task<string?> Returned(ReceivedMail mail) => await _site.Returning.ReturnAsync(mail);
    }

    [Fact]
    public async Task A_service_that_hangs_up_is_asked_again()
    {
        var isFirst = true;
        _site.Service.OnMail = async mail =>
        {
            var hangsUp = isFirst;
            isFirst = false;
            return hangsUp ? null : await _site.Returning.ReturnAsync(mail);
        };
        var id = await _site.SendAsync(Messages.Clean("hung up"));

        await _site.DeliveredAsync(id, "hung up");
        Assert.Equal(2, _site.Service.Seen.Count);
    }

    [Fact]
    public async Task A_mail_released_from_quarantine_goes_to_its_recipients()
    {
        _site.Service.Answer("550 5.7.1 Not for me");
        var id = (await SendAsync("released", "quarantine/delegation")).Mail.Id;

        Assert.True((await _site.Server.Api.ActAsync(id, "release")).IsDone);
        var delivered = await _site.DeliveredAsync(id, "released");
        Assert.Null(delivered.Ticket);
        Assert.Single(_site.Service.Seen);                     // an operator's word is final: it is not delegated again
    }

    private async Task<ApiMailDetails> SendAsync(string subject, string queue)
    {
        var id = await _site.SendAsync(Messages.Clean(subject));
        return await _site.Server.WaitForAsync(id, queue);
    }
}
