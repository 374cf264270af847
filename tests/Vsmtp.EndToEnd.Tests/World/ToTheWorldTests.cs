using Vsmtp.EndToEnd.Tests.Killing;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.World;

/// <summary>Mail leaves by MX, and senders hear what became of it.</summary>
public sealed class ToTheWorldTests
{
    [Fact]
    public async Task Of_three_domains_one_refuses_one_takes_it_later_one_is_never_there_and_the_sender_hears_once_of_each_failure()
    {
        await using var world = await World.StartAsync(servers: 3, """
            mx-host=refuses.example,mx.refuses.example,10
            host-record=mx.refuses.example,{0}
            mx-host=later.example,mx.later.example,10
            host-record=mx.later.example,{1}
            mx-host=never.example,mx.never.example,10
            host-record=mx.never.example,127.0.1.99
            host-record=sender.example,{2}
            """, settings: "server.queues.delivery.deferred_retry_max=3");
        world[0].OnCommand = command => command.StartsWith("RCPT", StringComparison.Ordinal) ? "550 5.1.1 never heard of" : "250 2.0.0 Ok";
        var isLater = false;
        world[1].OnCommand = command =>
        {
            if (isLater || !command.StartsWith("RCPT", StringComparison.Ordinal)) return "250 2.0.0 Ok";
            isLater = true;
            return "450 4.2.1 come later";
        };
        var id = await world.SendAsync("john@sender.example", Messages.Clean(), "a@refuses.example", "b@later.example", "c@never.example");
        var ended = await world.Server.WaitForAsync(id, "bounced");
        Assert.Equal(
            [("a@refuses.example", "bounced"), ("b@later.example", "delivered"), ("c@never.example", "bounced")],
            ended.Recipients.Select(recipient => (recipient.Address, recipient.Status)));

        // Each end once: b has the mail, and the sender two notifications of one recipient each.
        Assert.Empty(world[0].Mails);
        Assert.Equal(["b@later.example"], Assert.Single(world[1].Mails).Recipients);
        await Patience.UntilAsync(() => world[2].Mails.Count >= 2, "two notifications");
        await Patience.UntilAsync(async () => (await world.Server.Api.ListAsync(queue: null)).IsEmpty, "empty queues");
        Assert.All(world[2].Mails, mail => Assert.Equal(("", "john@sender.example"), (mail.Sender, Assert.Single(mail.Recipients))));
        var told = await Task.WhenAll(world[2].Mails.Select(mail => ReadNotification.OfAsync(mail.Bytes)));
        Assert.Equal(2, told.Length);

        var (refused, givenUp) = (told[0], told[1]);
        Assert.Equal("dns; mx.example.com", refused.Message["reporting-mta"]);
        AssertFields(refused, "rfc822; a@refuses.example", "5.1.1", "dns; mx.refuses.example", "smtp; 550 5.1.1 never heard of");
        Assert.Contains("could not be delivered to this recipient, and we no longer try:\n\n  <a@refuses.example>\n", refused.Text, StringComparison.Ordinal);
        Assert.Contains("said: 550 5.1.1 never heard of", refused.Text, StringComparison.Ordinal);
        Assert.Contains("Subject: hello", refused.Returned, StringComparison.Ordinal);
        AssertFields(givenUp, "rfc822; c@never.example", "4.4.1", server: null, reply: null);
        Assert.Contains("  <c@never.example>\n    given up after the last retry: ", givenUp.Text, StringComparison.Ordinal);

        // What an operator is shown of it, step by step.
        var (code, shown, _) = await ServerProcess.RunAsync("queue", "show", id, "-c", world.Site.ConfigFile);
        Assert.Equal(0, code);
        AssertInOrder(
            shown,
            "  received ", "  accepted ",
            "  failed        <a@refuses.example> mx.refuses.example:", "said: 550 5.1.1 never heard of",
            "  deferred      <b@later.example> mx.later.example:", "said: 450 4.2.1 come later",
            "  deferred      <c@never.example> mx.never.example:",
            "  notified      <john@sender.example> of <a@refuses.example>, by m-", "  deferred      again at ",
            "  delivered     <b@later.example> mx.later.example:", "  deferred      <c@never.example> ", "  deferred      again at ",
            "  deferred      <c@never.example> ", "  notified      <john@sender.example> of <c@never.example>, by m-", "  ended ");
        Assert.Equal(0, await world.Server.StopAsync());
        var left = StoreSnapshot.Take(Path.Combine(world.Site.Folder, world.Site.Spool, "vsmtp.db"));
        left.AssertCountersAddUp();
        Assert.Equal((3, 1, 2), (left.Counters["total/accepted"], left.Counters["total/bounced"], left.Counters["total/delivered"]));
        Assert.DoesNotContain(left.Counters, counter => counter.Value != 0 && !counter.Key.StartsWith("total/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_next_host_is_tried_and_the_history_says_which_one_took_it()
    {
        await using var world = await World.StartAsync(servers: 2, """
            mx-host=two.example,first.two.example,10
            mx-host=two.example,second.two.example,20
            host-record=first.two.example,{0}
            host-record=second.two.example,{1}
            """);
        world[0].OnReply = (to, reply) => Task.FromResult<string?>(to == "CONNECT" ? "421 4.3.2 not today" : reply);
        var id = await world.SendAsync("john@sender.example", Messages.Clean(), "a@two.example");
        var mail = await world.Server.WaitForAsync(id, "delivered");
        Assert.Single(world[1].Mails);
        Assert.Contains(mail.Events, one => one.What == "delivered" && one.Why.Contains("second.two.example", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("a@nosuch.example", "5.1.2", "there is no domain nosuch.example")]
    [InlineData("a@loops.example", "5.4.6", "the mail would come back for ever")]
    public async Task Where_there_is_no_way_the_sender_is_told_why(string recipient, string status, string words)
    {
        await using var world = await World.StartAsync(servers: 1, """
            mx-host=loops.example,mx.example.com,10
            host-record=sender.example,{0}
            """);
        var id = await world.SendAsync("john@sender.example", Messages.Clean(), recipient);
        await world.Server.WaitForAsync(id, "bounced");
        var told = await OnlyAsync(world[0]);
        Assert.Contains($"Final-Recipient: rfc822; {recipient}\r\nAction: failed\r\nStatus: {status}\r\n", told.Text, StringComparison.Ordinal);
        Assert.Contains(words, told.Text.Replace("=\r\n", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_denied_mail_and_one_in_quarantine_are_told_to_nobody()
    {
        await using var world = await World.StartAsync(servers: 1, "host-record=sender.example,{0}", """
            #{ postq: [ rule "verdicts" || if rcpt_list().len() > 1 { deny() } else { quarantine("q") } ] }
            """);
        var denied = await world.SendAsync("john@sender.example", Messages.Clean(), "a@x.example", "b@x.example");
        var kept = await world.SendAsync("john@sender.example", Messages.Clean(), "a@x.example");
        await world.Server.WaitForAsync(denied, "dead");
        await world.Server.WaitForAsync(kept, "quarantine/q");
        Assert.Equal(new[] { denied, kept }.Order(), (await world.Server.Api.ListAsync(queue: null)).Select(mail => mail.Id).Order());
        Assert.Empty(await world.Server.Api.ListAsync("delivered"));
    }

    private static async Task<ReceivedMail> OnlyAsync(ScriptedServer server)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (server.Mails.IsEmpty) await Task.Delay(50, patience.Token);
        return Assert.Single(server.Mails);
    }

    private static void AssertFields(ReadNotification told, string recipient, string status, string? server, string? reply)
    {
        var fields = Assert.Single(told.Recipients);
        Assert.Equal((recipient, "failed", status), (fields["final-recipient"], fields["action"], fields["status"]));
        Assert.Equal((server, reply), (fields.GetValueOrDefault("remote-mta"), fields.GetValueOrDefault("diagnostic-code")));
    }

    private static void AssertInOrder(string text, params string[] parts)
    {
        var at = 0;
        foreach (var part in parts)
        {
            var found = text.IndexOf(part, at, StringComparison.Ordinal);
            Assert.True(found >= 0, $"'{part}' is not where it should be in:\n{text}");
            at = found + part.Length;
        }
    }
}
