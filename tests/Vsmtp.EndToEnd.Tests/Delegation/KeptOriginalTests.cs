using System.Text.Json;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Delegation;

/// <summary>Services that are asked for a verdict only, one or several at once.</summary>
public sealed class KeptOriginalTests
{
    private const string Telling = """
        delegate [service::a, service::b, service::c] "scan" || {
            append_header("X-Told", `${delegation().service} of ${delegations().keys().len()}`);
            next()
        },
        """;

    [Fact]
    public async Task All_services_have_the_mail_at_once_and_it_is_delivered_with_every_verdict_and_its_own_bytes()
    {
        await using var site = await SeveralSite.StartAsync(Telling, ["a", "b", "c"]);
        var message = Messages.Clean("at once", "line \r\n.dot\r\n\tend \t", "X-Score: forged\r\nX-Folded: a\r\n\tb\r\n");
        var id = await site.SendAsync(message);
        // Each of them has it before any has brought it back.
        var (a, b, c) = (await site.TakenAsync("a"), await site.TakenAsync("b"), await site.TakenAsync("c"));
        Assert.Equal(3, new[] { a.Ticket, b.Ticket, c.Ticket }.Distinct().Count());
        Assert.All([a, b, c], mail => Assert.Null(mail.Header("X-Score")));

        Assert.StartsWith("250", await site.ReturnAsync(c, "c"));
        await site.HappenedAsync(id, "evaluate of c: next");
        Assert.StartsWith("250", await site.ReturnAsync(a, "a"));
        await site.HappenedAsync(id, "evaluate of a: next");
        Assert.Equal("delegated", (await site.Server.Api.FindAsync(id))!.Mail.Queue);
        Assert.StartsWith("250", await site.Returning.ReturnAsync(b, "X-B: clean\r\nX-Score:\t7\r\n  (of 10) \r\nSubject: rewritten\r\n\r\nrewritten\r\n"));

        var expected = message.Replace("X-Score: forged\r\n", "", StringComparison.Ordinal).Replace(
            "\tb\r\n\r\n",
            "\tb\r\nX-C: clean\r\nX-Told: c of 1\r\nX-A: clean\r\nX-Told: a of 2\r\nX-B: clean\r\nX-Score:\t7\r\n  (of 10) \r\nX-Told: b of 3\r\n\r\n",
            StringComparison.Ordinal);
        Assert.Equal(expected, (await site.DeliveredAsync(id, "at once")).TextBelowTrace);
    }

    [Fact]
    public async Task The_first_end_decides_and_the_others_are_answered_250_and_discarded()
    {
        await using var site = await SeveralSite.StartAsync(
            """delegate [service::a, service::b] "scan" || if get_header("X-A") == "virus" { quarantine("virus_q") } else { next() },""", ["a", "b"]);
        // The other one is in the midst of its conversation while the mail is decided.
        var decided = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        site["b"].OnMail = async mail =>
        {
            await decided.Task;
            return await site.ReturnAsync(mail, "b");
        };
        var id = await site.SendAsync(Messages.Clean("decided"));
        await Patience.UntilAsync(() => site["b"].Seen.Count == 1, "b has it");
        Assert.StartsWith("250", await site.ReturnAsync(await site.TakenAsync("a"), "a", "virus"));
        var mail = await site.Server.WaitForAsync(id, "quarantine/virus_q");
        Assert.Contains(mail.Events, e => e.What == "not awaited" && e.Why == "b: a has decided");

        decided.SetResult();
        await Patience.UntilAsync(async () => (await site.Server.Api.FindAsync(id))!.Events.Any(e => e.What == "discarded"), "the late one is discarded");
        Assert.Single(site["b"].Mails);                        // it was told 250
        Assert.Equal("quarantine/virus_q", (await site.Server.Api.FindAsync(id))!.Mail.Queue);
        Assert.Empty(site.Relay.Seen);
    }

    [Fact]
    public async Task A_service_that_cannot_take_it_yet_is_asked_again_while_another_has_already_spoken()
    {
        await using var site = await SeveralSite.StartAsync("""delegate [service::a, service::b] "scan" || { append_header("X-Note", delegation().attempts.to_string()); next() },""", ["a", "b"]);
        var isReady = false;
        site["a"].OnMail = async mail => await site.ReturnAsync(mail, "a");
        site["b"].OnMail = async mail => isReady ? await site.ReturnAsync(mail, "b") : "451 4.3.0 Not yet";
        var id = await site.SendAsync(Messages.Clean("again"));
        await site.HappenedAsync(id, "evaluate of a: next");
        await site.HappenedAsync(id, "451 4.3.0 Not yet", times: 3);
        isReady = true;

        var delivered = await site.DeliveredAsync(id, "again");
        Assert.Single(site["a"].Seen);
        // Neither what the other said nor what its handler wrote is told to this one.
        Assert.All(site["b"].Seen, mail => Assert.Null(mail.Header("X-A") ?? mail.Header("X-Note")));
        Assert.Equal("1", delivered.Header("X-Note"));
    }

    [Fact]
    public async Task Killed_at_any_moment_each_handlers_work_is_in_the_mail_once()
    {
        await using var site = await SeveralSite.StartAsync(Telling, ["a", "b", "c"]);
        for (var round = 0; round < 4; round++)
        {
            var subject = $"killed {round}";
            var id = await site.SendAsync(Messages.Clean(subject));
            foreach (var (index, name) in new[] { "b", "a", "c" }.Index())
            {
                await Patience.UntilAsync(() => site[name].Mails.Any(mail => mail.Header("Subject") == subject), $"{subject} at {name}");
                var taken = site[name].Mails.Last(mail => mail.Header("Subject") == subject);
                Assert.StartsWith("250", await site.ReturnAsync(taken, name));
                // At the 250: the handler has not run, runs, or has run.
                if ((index + round) % 2 == 0 || round == 3)
                {
                    await site.Server.KillAsync();
                    await site.Server.StartAsync();
                }
            }

            await site.Server.WaitForAsync(id, "delivered");
            var delivered = site.Relay.Mails.Last(mail => mail.Header("Subject") == subject);
            var lines = delivered.Text.Split("\r\n");
            Assert.Equal(["X-Told: b of 1", "X-Told: a of 2", "X-Told: c of 3"], lines.Where(line => line.StartsWith("X-Told:", StringComparison.Ordinal)));
            Assert.All(["X-A: clean", "X-B: clean", "X-C: clean"], verdict => Assert.Single(lines, verdict));
        }
    }

    [Fact]
    public async Task A_service_that_wraps_the_mail_is_known_by_the_ENVID_and_its_verdict_is_taken_from_the_wrapper()
    {
        await using var site = await SeveralSite.StartAsync("""delegate service::spam "scan" || if get_header("X-Score") == "9" { next() } else { deny() },""", ["spam"]);
        var message = Messages.Clean("wrapped");
        var id = await site.SendAsync(message);
        var mail = await site.TakenAsync("spam");
        var wrapped = $"X-SPAM: YES\r\nX-Score: 9\r\nSubject: *SPAM* wrapped\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=w\r\n\r\n"
            + $"--w\r\nContent-Type: message/rfc822\r\n\r\n{mail.Text}\r\n--w--\r\n";
        Assert.StartsWith("250", await site.Returning.ReturnAsync(mail, wrapped));

        var expected = message.Replace("\r\n\r\n", "\r\nX-SPAM: YES\r\nX-Score: 9\r\n\r\n", StringComparison.Ordinal);
        Assert.Equal(expected, (await site.DeliveredAsync(id, "wrapped")).TextBelowTrace);
    }

    [Fact]
    public async Task Diff_shows_what_a_service_would_have_changed_and_steers_no_terminal()
    {
        await using var site = await SeveralSite.StartAsync("""delegate service::a "scan" || quarantine("look"),""", ["a"]);
        site["a"].OnMail = async mail => await site.Returning.ReturnAsync(mail, mail.Text
            .Replace("Subject: diff", "Subject: *SPAM* diff\r\nX-A: \u001b[31mred", StringComparison.Ordinal)
            .Replace("X-Old: 1\r\n", "", StringComparison.Ordinal)
            .Replace("second", "second, by a \u0007 service", StringComparison.Ordinal));
        var id = await site.SendAsync(Messages.Clean("diff", "first\r\nsecond\r\nthird", "X-Old: 1\r\n"));
        await site.Server.WaitForAsync(id, "quarantine/look");

        var (code, text, _) = await ServerProcess.RunAsync("queue", "show", id, "--diff", "-c", site.Site.ConfigFile);
        Assert.Equal(0, code);
        Assert.DoesNotContain('\u001b', text);
        Assert.Equal(
            """
            --- what a was sent
            +++ what a returned
            header changed: Subject
            -Subject: diff
            +Subject: *SPAM* diff
            header removed: X-Old
            -X-Old: 1
            header added: X-A
            +X-A: \x1B[31mred
            body: 22 octets before, 38 after
            @@ -1,3 +1,3 @@
             first
            -second
            +second, by a \x07 service
             third

            """, text.ReplaceLineEndings("\n"));

        var (_, json, _) = await ServerProcess.RunAsync("queue", "show", id, "--diff", "--json", "-c", site.Site.ConfigFile);
        var comparison = Assert.Single(JsonDocument.Parse(json).RootElement.GetProperty("comparisons").EnumerateArray());
        Assert.Equal("a", comparison.GetProperty("service").GetString());
        Assert.Equal(["changed", "removed", "added"], comparison.GetProperty("headers").EnumerateArray().Select(header => header.GetProperty("change").GetString()));

        Assert.Equal(0, (await ServerProcess.RunAsync("quarantine", "release", id, "-c", site.Site.ConfigFile)).Code);
        await site.Server.WaitForAsync(id, "delivered");
        Assert.Contains("has left", (await ServerProcess.RunAsync("queue", "show", id, "--diff", "-c", site.Site.ConfigFile)).Error);
    }

    [Fact]
    public async Task Diff_shows_what_an_ordinary_service_made_of_the_original()
    {
        await using var site = await RunningSite.StartAsync("""
            import "service" as service;
            #{ postq: [ delegate service::clamsmtpd "scan" || quarantine("look") ] }
            """, "");
        site.Service.OnMail = async mail => await site.Returning.ReturnAsync(mail);
        var id = await site.SendAsync(Messages.Clean("ordinary"));
        await site.Server.WaitForAsync(id, "quarantine/look");

        var (_, text, _) = await site.RunAsync("queue", "show", id, "--diff");
        Assert.Equal(
            "--- the original\n+++ what the services made of it\nheader added: X-Scanned\n+X-Scanned: clean\nbody: the same, 14 octets\n", text.ReplaceLineEndings("\n"));
        Assert.Equal(2, (await site.RunAsync("queue", "show", id, "--diff", "--eml")).Code);
    }
}
