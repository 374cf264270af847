using System.Text;
using Orleans.Storage;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Mail;
using Vsmtp.Contracts.Queues;
using Vsmtp.Grains.Mail;

namespace Vsmtp.Grains.Tests;

/// <summary>Services that keep the original, and several of them at once. Nobody is at their addresses: a test brings mails back itself.</summary>
public sealed class SeveralVisitsTests
{
    private const string Text = "Subject: hello\r\nX-A: forged\r\n\r\nAll is well.\r\n";

    private static string Service(string name, string pause = "1h") => $$"""
        service {{name}} smtp = #{ delegator: #{ address: "127.0.0.1:1", timeout: "2s" }, receiver: "127.0.0.1:2", keep_original: true,
            retry: #{ first: "{{pause}}", max: "{{pause}}", give_up: "2h" }, proof: ["X-{{name.ToUpperInvariant()}}"] };

        """;

    private static string Rules(string directives) => $"{Service("a")}{Service("b")}{Service("c")}#{{ postq: [ {directives} ] }}";

    /// <summary>A handler that tells what it knows in a header.</summary>
    private const string Telling = """
        delegate [a, b, c] "scan" || {
            append_header("X-Told", `${delegation().service} of ${delegations().keys().len()}`);
            next()
        },
        action "behind" || append_header("X-Behind", delegations().keys().len().to_string()),
        """;

    [Fact]
    public async Task Each_handler_runs_as_its_outcome_comes_in_sees_all_that_are_known_and_the_last_ones_next_goes_on()
    {
        await using var silo = await TestSilo.StartAsync(Rules(Telling));
        var id = await AskedAsync(silo, 3);
        Assert.Equal(ReturnAnswer.Resumed, await ReturnAsync(silo, id, "b", "X-B:\tclean\r\n  and folded \r\n"));
        var mail = await HandledAsync(silo, id, 1);
        Assert.Equal("with a, c", mail.Summary.Reason);
        Assert.Equal(ReturnAnswer.Resumed, await ReturnAsync(silo, id, "a", "X-A: 1\r\nX-A: 2\r\nX-Other: not asked for\r\n"));
        await HandledAsync(silo, id, 2);
        Assert.Equal(ReturnAnswer.Resumed, await ReturnAsync(silo, id, "c", "x-c: clean\r\n"));
        mail = await silo.WaitForAsync(id, "delivered");

        var delivered = await DeliveredAsync(silo);
        Assert.EndsWith(
            "Subject: hello\r\nX-B:\tclean\r\n  and folded \r\nX-Told: b of 1\r\nX-A: 1\r\nX-A: 2\r\nX-Told: a of 2\r\n"
            + "x-c: clean\r\nX-Told: c of 3\r\nX-Behind: 3\r\n\r\nAll is well.\r\n", delivered);
        Assert.Equal(
            ["delegate", "evaluate of b: next", "evaluate of a: next", "evaluate of c: next", "next"],
            mail.Events.Where(e => e.What == "rule").Select(e => e.Why));
    }

    [Theory]
    [InlineData("quarantine(\"q\")", "quarantine/q")]
    [InlineData("deny()", "dead")]
    [InlineData("faccept()", "delivered")]
    [InlineData("1 / 0", "quarantine/script-error")]
    public async Task The_first_verdict_that_ends_it_decides_and_who_comes_later_is_discarded(string verdict, string queue)
    {
        await using var silo = await TestSilo.StartAsync(Rules(
            $"delegate [a, b, c] \"scan\" || if delegation().service == \"b\" {{ {verdict} }} else {{ next() }}, rule \"behind\" || quarantine(\"behind\")"));
        var id = await AskedAsync(silo, 3);
        var tickets = (await silo.WaitForAsync(id, "delegated")).State.Visits.ToDictionary(visit => visit.Service, visit => visit.TicketHashes[0]);
        await ReturnAsync(silo, id, "a", "X-A: 1\r\n");
        await HandledAsync(silo, id, 1);
        await ReturnAsync(silo, id, "b", "X-B: 1\r\n");
        var mail = await silo.WaitForAsync(id, queue);

        Assert.Empty(mail.State.Visits);
        Assert.Equal("c: b has decided", Assert.Single(mail.Events, e => e.What == "not awaited").Why);
        Assert.Equal(ReturnAnswer.Discarded, await silo.Mail(id).Return(Returned(tickets["c"], "X-C: 1\r\n")));
        await silo.Mail(id).Sent(new DelegationReport(3, DelegationSendResult.Rejected, "550 late"));
        await silo.Mail(id).LetGo(tickets["c"], DateTimeOffset.UtcNow);
        Assert.Equal(queue, (await silo.Queries.FindAsync(id, CancellationToken.None))!.Summary.Queue);
    }

    [Theory]
    [InlineData("accept()", "next()", "delivered")]
    [InlineData("accept()", "quarantine(\"q\")", "quarantine/q")]
    [InlineData("next()", "accept()", "delivered")]
    [InlineData("next()", "next()", "quarantine/behind")]
    public async Task An_accept_counts_when_all_are_in_and_passes_nothing_by_the_others(string first, string second, string queue)
    {
        await using var silo = await TestSilo.StartAsync(Rules(
            $"delegate [a, b] \"scan\" || if delegation().service == \"a\" {{ {first} }} else {{ {second} }}, rule \"behind\" || quarantine(\"behind\")"));
        var id = await AskedAsync(silo, 2);
        await ReturnAsync(silo, id, "a", "X-A: 1\r\n");
        await HandledAsync(silo, id, 1);
        await ReturnAsync(silo, id, "b", "X-B: 1\r\n");

        await silo.WaitForAsync(id, queue);
    }

    [Fact]
    public async Task An_outcome_without_a_handler_decides_at_once()
    {
        await using var silo = await TestSilo.StartAsync(Rules("delegate [a, b, c] \"scan\" || next()"));
        var id = await AskedAsync(silo, 3);
        await ReturnAsync(silo, id, "b", "X-Nothing: of b\r\n");
        var mail = await silo.WaitForAsync(id, "quarantine/delegation");

        Assert.Equal("unscanned: it came back without X-B", mail.Summary.Reason);
        Assert.Contains(mail.Events, e => e.What == "rule" && e.Why == "b unscanned, no handler: quarantine");
    }

    [Fact]
    public async Task Returns_that_come_at_once_are_each_handled_once()
    {
        await using var silo = await TestSilo.StartAsync(Rules(Telling));
        for (var round = 0; round < 3; round++)                // more in vain, and the services count as down
        {
            var id = await AskedAsync(silo, 3);
            var answers = await Task.WhenAll(new[] { "a", "b", "c" }.Select(name => ReturnAsync(silo, id, name, $"X-{name.ToUpperInvariant()}: 1\r\n")));
            Assert.All(answers, answer => Assert.Equal(ReturnAnswer.Resumed, answer));

            var mail = await silo.WaitForAsync(id, "delivered");
            Assert.Equal(3, mail.Events.Count(e => e.What == "rule" && e.Why.StartsWith("evaluate of ", StringComparison.Ordinal)));
            Assert.Equal(3, mail.State.HeaderChanges.Count(change => change.Kind is HeaderChangeKind.AppendField));
        }
    }

    [Fact]
    public async Task A_return_repeated_under_its_content_id_gets_the_same_answer_at_any_time()
    {
        await using var silo = await TestSilo.StartAsync(Rules("delegate [a, b] \"scan\" || next()"));
        var id = await AskedAsync(silo, 2);
        var visits = (await silo.WaitForAsync(id, "delegated")).State.Visits;
        var (first, second) = (Returned(visits[0].TicketHashes[0], "X-A: 1\r\n"), Returned(visits[1].TicketHashes[0], "X-B: 1\r\n"));
        Assert.Equal([ReturnAnswer.Resumed, ReturnAnswer.Resumed], await Task.WhenAll(silo.Mail(id).Return(first), silo.Mail(id).Return(first)));
        await HandledAsync(silo, id, 1);
        Assert.Equal(ReturnAnswer.Resumed, await silo.Mail(id).Return(first));
        Assert.Equal(ReturnAnswer.Resumed, await silo.Mail(id).Return(second));
        await silo.WaitForAsync(id, "delivered");

        Assert.Equal([ReturnAnswer.Resumed, ReturnAnswer.Resumed], await Task.WhenAll(silo.Mail(id).Return(first), silo.Mail(id).Return(second)));
        var other = first with { Content = TestSilo.ContentOf("X-A: 2\r\n\r\n"u8.ToArray()) };
        Assert.Equal(ReturnAnswer.Discarded, await silo.Mail(id).Return(other));
        Assert.Equal(2, (await silo.WaitForAsync(id, "delivered")).Events.Count(e => e.What == "returned"));
    }

    [Fact]
    public async Task What_a_handler_changes_is_the_mails_and_not_what_the_others_are_sent()
    {
        await using var silo = await TestSilo.StartAsync(
            Service("a") + Service("b", pause: "10ms")
            + "#{ postq: [ delegate [a, b] \"scan\" || { append_header(\"X-Note\", \"1\"); add_rcpt_envelop(\"joe@example.com\"); next() } ] }");
        var id = await AskedAsync(silo, 2);
        await ReturnAsync(silo, id, "a", "X-A: 1\r\n");
        var mail = await HandledAsync(silo, id, 1);

        Assert.Equal(2, mail.State.Envelope.Recipients.Length);
        Assert.Contains(mail.State.HeaderChanges, change => change.Name == "X-Note");
        Assert.Single(mail.State.Sent!.Envelope.Recipients);
        Assert.DoesNotContain(mail.State.Sent.HeaderChanges, change => change.Name is "X-Note" || change.Kind is HeaderChangeKind.AppendField);
        var attempt = mail.State.Visits[1].Attempt;
        mail = await VisitsAsync(silo, id, visit => visit.Service == "b" && visit.Attempt > attempt, 1);
        // Brought back for jane alone, as it was sent: nothing is said of a difference.
        await silo.Mail(id).Return(Returned(mail.State.Visits[1].TicketHashes[^1], "X-B: 1\r\n"));
        mail = await silo.WaitForAsync(id, "deliver", "deferred", "dead", "delivered");
        Assert.DoesNotContain(mail.Events, e => e.What == "envelope kept");
    }

    [Fact]
    public async Task Of_one_service_that_keeps_the_original_the_headers_are_taken_over_and_the_bytes_stay()
    {
        await using var silo = await TestSilo.StartAsync(Rules("delegate a \"scan\" || if delegation().headers.len() == 1 { next() } else { deny() }"));
        var id = await AskedAsync(silo, 1);
        await ReturnAsync(silo, id, "a", "X-A: clean\r\nSubject: changed\r\n", "another body\r\n");
        var mail = await silo.WaitForAsync(id, "delivered");

        Assert.EndsWith("Subject: hello\r\nX-A: clean\r\n\r\nAll is well.\r\n", await DeliveredAsync(silo));
        Assert.Equal(mail.State.Original, mail.State.Content);
        Assert.Equal("a", Assert.Single(mail.State.Returns).Service);
    }

    [Fact]
    public async Task Own_headers_beyond_all_measure_are_not_taken_over_and_count_as_no_scan()
    {
        await using var silo = await TestSilo.StartAsync(Rules("delegate a \"scan\" || next()"), grainOptions: new MailGrainOptions { MaxVerdictBytes = 100 });
        var id = await AskedAsync(silo, 1);
        await ReturnAsync(silo, id, "a", $"X-A: {new string('a', 100)}\r\n");
        var mail = await silo.WaitForAsync(id, "quarantine/delegation");

        Assert.Contains("at most 100 are taken over", mail.Summary.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(mail.State.HeaderChanges, change => change.Kind is HeaderChangeKind.AppendField);
    }

    [Fact]
    public async Task More_visits_than_a_mail_may_make_have_all_failed()
    {
        await using var silo = await TestSilo.StartAsync(
            Rules("delegate [a, b] \"scan\" #{ evaluate: || deny(), failed: || { append_header(\"X-Failed\", delegation().service); next() } }"),
            grainOptions: new MailGrainOptions { MaxDelegations = 1 });
        var id = MailId.Create(TimeProvider.System);
        await silo.Mail(id).Accept(silo.Offer(Text));
        await silo.WaitForAsync(id, "delivered");

        Assert.Contains("X-Failed: a\r\nX-Failed: b\r\n", await DeliveredAsync(silo));
    }

    private static DelegationReturn Returned(string ticketHash, string headers, string body = "All is well.\r\n") => new()
    {
        TicketHash = ticketHash,
        Content = TestSilo.ContentOf(Encoding.Latin1.GetBytes($"Subject: hello\r\n{headers}\r\n{body}")),
        Sender = "john@example.org",
        Recipients = ["jane@example.com"],
        Peer = "127.0.0.1:1",
    };

    private static async Task<ReturnAnswer> ReturnAsync(TestSilo silo, string id, string service, string headers, string body = "All is well.\r\n")
    {
        var mail = (await silo.Queries.FindAsync(id, CancellationToken.None))!;
        return await silo.Mail(id).Return(Returned(mail.State.Visits.Single(visit => visit.Service == service).TicketHashes[^1], headers, body));
    }

    /// <summary>Accepts a mail and waits until each service was asked in vain: what is to come is the test's.</summary>
    /// <summary>The process that was sending to one of them has ended, so the mail is woken: no deadline of another one has passed by that.</summary>
    [Fact]
    public async Task A_mail_that_is_recovered_while_it_is_sent_to_one_waits_on_for_the_return_of_another()
    {
        await using var silo = await TestSilo.StartAsync(Rules("delegate [a, b, c] \"scan\" || next()"));
        var id = await AskedAsync(silo, 3);
        var ticket = (await silo.WaitForAsync(id, "delegated")).State.Visits[2].TicketHashes[0];
        var now = DateTimeOffset.UtcNow;
        await silo.ChangeAsync(id, state => state with
        {
            Visits =
            [
                state.Visits[0] with { Step = DelegationStep.Sending, DueAt = now.AddMinutes(10) },
                state.Visits[1] with { Step = DelegationStep.AwaitingReturn, DueAt = now.AddMinutes(5), ReturnDeadline = now.AddMinutes(5) },
                state.Visits[2],
            ],
            IsBusy = true,
            WakeAt = now.AddMinutes(5),
        });
        // The activation that knows the state before fails at its write, and is gone.
        await Assert.ThrowsAsync<InconsistentStateException>(() => silo.Mail(id).Return(Returned(ticket, "X-C: 1\r\n")));

        await silo.WakeAsync(id);
        var mail = await silo.WaitForAsync(id, "delegated");
        while (mail.State.Visits[0].Attempt == 1) mail = await silo.WaitForAsync(id, "delegated");
        Assert.False((await silo.Mail(id).Release()).IsDone);  // a turn behind the one that woke it
        mail = await silo.WaitForAsync(id, "delegated");

        Assert.Equal(DelegationStep.AwaitingReturn, mail.State.Visits[1].Step);
        Assert.DoesNotContain(mail.Events, e => e.What == "absorbed");
    }

    private static async Task<string> AskedAsync(TestSilo silo, int services)
    {
        var id = MailId.Create(TimeProvider.System);
        await silo.Mail(id).Accept(silo.Offer(Text));
        await VisitsAsync(silo, id, visit => visit is { Step: DelegationStep.Retrying or DelegationStep.Waiting, Attempt: > 0 }, services);
        return id;
    }

    private static Task<MailDetails> HandledAsync(TestSilo silo, string id, int handlers) =>
        VisitsAsync(silo, id, visit => visit.Step is DelegationStep.Handled, handlers);

    /// <summary>Waits until the mail is asleep and so many of its visits are so; fails with what they are after a minute.</summary>
    private static async Task<MailDetails> VisitsAsync(TestSilo silo, string id, Func<DelegationState, bool> areSo, int count)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var mail = await silo.WaitForAsync(id, "delegated");
            if (mail.State.Visits.Count(areSo) >= count) return mail;
            Assert.False(patience.IsCancellationRequested, string.Join('\n', mail.State.Visits));
            await Task.Delay(20);
        }
    }

    private static Task<string> DeliveredAsync(TestSilo silo) =>
        File.ReadAllTextAsync(Directory.EnumerateFiles(silo.MailFolder, "*", SearchOption.AllDirectories).Single(), Encoding.Latin1);
}
