using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.PreQueue;

/// <summary>The client hears the verdict of the service, and what it hears is what becomes of the mail.</summary>
public sealed class VerdictInTimeTests : IClassFixture<PatientPreqSite>
{
    private readonly PatientPreqSite _site;

    public VerdictInTimeTests(PatientPreqSite site)
    {
        _site = site;
        _site.Relay.Reset();
        _site.Service.Reset();
    }

    [Fact]
    public async Task A_clean_mail_is_accepted_after_its_return_and_goes_on_with_postq()
    {
        Find(null);
        var id = await _site.SendAsync(Messages.Clean("clean"));
        var delivered = await _site.DeliveredAsync(id, "clean");

        Assert.Equal(("clean", "done", "done"), (delivered.Header("X-Scanned"), delivered.Header("X-Preq"), delivered.Header("X-Postq")));
        var history = (await _site.Server.Api.FindAsync(id))!.Events.Select(e => e.What).Where(what => what is not ("rule" or "received" or "sent"));
        Assert.Equal(["offered", "delegated", "returned", "accepted", "delivered", "ended"], history);
    }

    [Theory]
    [InlineData("info", "550 5.7.1 Infected", false, "refused by a rule of preq: 550 5.7.1 Infected")]
    [InlineData("greylist", "450 4.7.1 Later", false, "refused by a rule of preq: 450 4.7.1 Later")]
    [InlineData("deny", "554 5.7.1 Permanent problems with the remote server", true, "denied by a rule of preq")]
    [InlineData("deny with words", "554 5.7.1 Go away", true, "denied by a rule of preq: 554 5.7.1 Go away")]
    [InlineData("what no rule knows", "554 5.7.1 Permanent problems with the remote server", true, "script error")]
    public async Task A_refusal_is_the_clients_reply_and_nothing_is_left_of_the_mail(string found, string reply, bool closes, string reason)
    {
        Find(found);
        using var smtp = await RawSmtp.OpenAsync(_site.Site.ClientPort);
        Assert.Equal(reply, await smtp.SendMailAsync("john@example.org", ["jane@example.com"], Messages.Clean(found)));
        if (closes)
        {
            Assert.Equal("", await smtp.ReadReplyAsync());
        }
        else
        {
            Find(null);
            Assert.StartsWith("250", await smtp.SendMailAsync("john@example.org", ["jane@example.com"], Messages.Clean("the next")));
        }

        var withdrawn = Assert.Single(await _site.Server.Api.ListAsync("withdrawn"), mail => mail.Subject == found);
        Assert.StartsWith(reason, withdrawn.Reason);
        Assert.False((await _site.Server.Api.ReadAsync(withdrawn.Id, Stream.Null)).IsDone);
        Assert.DoesNotContain(_site.Relay.Seen, mail => mail.Header("Subject") == found);
    }

    [Fact]
    public async Task What_a_rule_quarantines_is_accepted_and_set_aside()
    {
        Find("quarantine");
        var id = await _site.SendAsync(Messages.Clean("set aside"));
        await _site.Server.WaitForAsync(id, "quarantine/virus_q");
        Assert.DoesNotContain(_site.Relay.Seen, mail => mail.Header("Subject") == "set aside");
    }

    [Fact]
    public async Task Faccept_skips_all_later_rules()
    {
        Find("faccept");
        var delivered = await _site.DeliveredAsync(await _site.SendAsync(Messages.Clean("forced")), "forced");
        Assert.Equal((null, null), (delivered.Header("X-Preq"), delivered.Header("X-Postq")));
    }

    [Fact]
    public async Task A_mail_without_recipients_is_refused()
    {
        Find("nobody");
        using var smtp = await RawSmtp.OpenAsync(_site.Site.ClientPort);
        Assert.Equal("554 5.5.1 No valid recipients", await smtp.SendMailAsync("john@example.org", ["jane@example.com"], Messages.Clean("nobody")));
    }

    [Fact]
    public async Task A_5yz_of_the_service_is_a_5yz_to_the_client_without_its_words()
    {
        _site.Service.Answer("550 5.7.1 Virus Worm.X found by scanner-7.internal");
        await AssertRefusedAsync("rejected", "550 5.7.1 Message refused", "Worm.X");
    }

    [Fact]
    public async Task What_the_service_keeps_is_refused_for_now()
    {
        _site.Service.OnMail = async mail =>
        {
            await _site.Returning.LetGoAsync(mail, "RSET");
            return "250 Virus Detected; Discarded Email";
        };
        await AssertRefusedAsync("absorbed", "451 4.7.1 Not checked for now: come again", "absorbed");
    }

    [Fact]
    public async Task What_comes_back_without_proof_is_refused_for_now()
    {
        _site.Service.OnMail = async mail =>
        {
            Assert.StartsWith("250", await _site.Returning.ReturnAsync(mail, mail.Text));
            return "250 2.0.0 Taken";
        };
        await AssertRefusedAsync("unscanned", "451 4.7.1 Not checked for now: come again", "unscanned");
    }

    [Fact]
    public async Task A_service_that_is_down_at_first_is_asked_again_within_the_wait()
    {
        await _site.StopServiceAsync();
        using var smtp = await WaitingClient.OpenAsync(_site, "down at first");
        await Patience.UntilAsync(
            async () => (await _site.Server.Api.ListAsync("offered")).Any(mail => mail is { Subject: "down at first", Attempts: > 1 }), "a second attempt");
        _site.StartService();
        Find(null);
        var reply = await smtp.ReadReplyAsync();
        Assert.StartsWith("250", reply);
        await _site.DeliveredAsync(RawSmtp.IdOf(reply), "down at first");
    }

    [Fact]
    public async Task A_client_that_has_sent_all_at_once_gets_its_replies_in_order()
    {
        Find(null);
        using var smtp = await RawSmtp.OpenAsync(_site.Site.ClientPort);
        var one = $"MAIL FROM:<john@example.org>\r\nRCPT TO:<jane@example.com>\r\nDATA\r\n{Messages.Clean("pipelined")}.\r\n";
        await smtp.SendAsync($"{one}NOOP\r\n{one}QUIT\r\n");
        string[] codes = ["250", "250", "354", "250", "250", "250", "250", "354", "250", "221"];
        foreach (var code in codes) Assert.StartsWith(code, await smtp.ReadReplyAsync());
    }

    [Fact]
    public async Task Many_clients_wait_at_the_same_time_and_each_gets_its_own_verdict()
    {
        _site.Service.OnMail = async mail =>
        {
            await ReturnAsync(mail, mail.Header("Subject")!.EndsWith('7') ? "info" : null);
            return "250 2.0.0 Taken";
        };
        var replies = await Task.WhenAll(Enumerable.Range(0, 40).Select(async number =>
        {
            using var smtp = await RawSmtp.OpenAsync(_site.Site.ClientPort);
            return await smtp.SendMailAsync("john@example.org", ["jane@example.com"], Messages.Clean($"one of many {number}"));
        }));
        for (var number = 0; number < replies.Length; number++)
            Assert.StartsWith(number % 10 == 7 ? "550 5.7.1 Infected" : "250", replies[number]);
        var accepted = replies.Where(reply => reply.StartsWith("250", StringComparison.Ordinal)).Select(RawSmtp.IdOf).ToArray();
        foreach (var id in accepted) await _site.Server.WaitForAsync(id, "delivered");
        Assert.Equal(accepted.Length, _site.Relay.Mails.Count(mail => mail.Header("Subject")!.StartsWith("one of many", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_offered_mail_is_listed_and_no_operator_takes_it_away()
    {
        using var client = await WaitingClient.SendAsync(_site, "listed");
        Assert.Contains(client.Id, (await _site.RunAsync("queue", "list", "offered")).Output);
        Assert.Contains("offered", (await _site.RunAsync("queue", "show", client.Id)).Output);
        Assert.NotEqual(0, (await _site.RunAsync("queue", "remove", client.Id)).Code);

        Assert.StartsWith("250", await _site.Returning.ReturnAsync(Assert.Single(_site.Service.Mails)));
        Assert.StartsWith("250", await client.Smtp.ReadReplyAsync());
        await _site.DeliveredAsync(client.Id, "listed");
    }

    /// <summary>The service brings the next mails back, with what it found in them.</summary>
    private void Find(string? what) => _site.Service.OnMail = async mail =>
    {
        await ReturnAsync(mail, what);
        return "250 2.0.0 Taken";
    };

    private async Task ReturnAsync(ReceivedMail mail, string? what) => Assert.StartsWith("250", what is null
        ? await _site.Returning.ReturnAsync(mail)
        : await _site.Returning.ReturnAsync(mail, Messages.WithHeader(mail.Text, "X-Found", what)));

    private async Task AssertRefusedAsync(string subject, string reply, string reason)
    {
        using var smtp = await RawSmtp.OpenAsync(_site.Site.ClientPort);
        Assert.Equal(reply, await smtp.SendMailAsync("john@example.org", ["jane@example.com"], Messages.Clean(subject)));
        Assert.StartsWith("250", await smtp.AskAsync("NOOP"));
        var withdrawn = Assert.Single(await _site.Server.Api.ListAsync("withdrawn"), mail => mail.Subject == subject);
        Assert.Contains(reason, withdrawn.Reason);
        Assert.DoesNotContain(_site.Relay.Seen, mail => mail.Header("Subject") == subject);
    }
}
