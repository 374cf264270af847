using System.Diagnostics;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.World;

/// <summary>Mail leaves by MX, and senders hear what became of it.</summary>
public sealed class ToTheWorldTests
{
    /// <summary>Prints what Python's own parser finds in a notification on its input, and what it has against it.</summary>
    private const string ReadNotification = """
        import email, sys
        from email import policy
        mail = email.message_from_bytes(sys.stdin.buffer.read(), policy=policy.default)
        defects = [d for part in mail.walk() for d in part.defects]
        text, status, headers = mail.iter_parts()
        print(mail.get_content_type(), mail.get_param('report-type'), mail['auto-submitted'], len(defects))
        print(text.get_content_type(), status.get_content_type(), headers.get_content_type())
        for group in status.get_payload()[1:]: print(group['final-recipient'], group['action'], group['status'])
        print(text.get_content())
        """;

    [Fact]
    public async Task Of_three_domains_one_takes_it_one_takes_it_later_and_of_the_third_the_sender_is_told()
    {
        await using var world = await World.StartAsync(servers: 4, """
            mx-host=takes.example,mx.takes.example,10
            host-record=mx.takes.example,{0}
            mx-host=later.example,mx.later.example,10
            host-record=mx.later.example,{1}
            mx-host=never.example,mx.never.example,10
            host-record=mx.never.example,{2}
            host-record=sender.example,{3}
            """);
        var isLater = false;
        world[1].OnCommand = command => !isLater && command.StartsWith("RCPT", StringComparison.Ordinal) ? "450 4.2.1 come later" : "250 2.0.0 Ok";
        world[2].OnCommand = command => command.StartsWith("RCPT", StringComparison.Ordinal) ? "550 5.1.1 never heard of" : "250 2.0.0 Ok";
        var id = await world.SendAsync("john@sender.example", Messages.Clean(), "a@takes.example", "b@later.example", "c@never.example");

        var deferred = await world.Server.WaitForAsync(id, "deferred");
        Assert.Single(world[0].Mails);
        Assert.Contains("come later", deferred.Mail.Reason, StringComparison.Ordinal);
        isLater = true;
        await world.Server.WaitForAsync(id, "bounced");
        Assert.Equal(["b@later.example"], Assert.Single(world[1].Mails).Recipients);
        Assert.Single(world[0].Mails);

        var notification = Assert.Single(world[3].Mails);
        Assert.Equal(("", "john@sender.example"), (notification.Sender, Assert.Single(notification.Recipients)));
        var read = await ReadAsync(notification.Bytes);
        Assert.StartsWith(
            """
            multipart/report delivery-status auto-replied 0
            text/plain message/delivery-status text/rfc822-headers
            rfc822; c@never.example failed 5.1.1

            """, read, StringComparison.Ordinal);
        Assert.Contains("could not be delivered to this recipient", read, StringComparison.Ordinal);
        Assert.Contains("550 5.1.1 never heard of", read, StringComparison.Ordinal);
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

    private static async Task<string> ReadAsync(byte[] message)
    {
        using var python = Process.Start(new ProcessStartInfo("python3") { ArgumentList = { "-c", ReadNotification }, RedirectStandardInput = true, RedirectStandardOutput = true })!;
        await python.StandardInput.BaseStream.WriteAsync(message);
        python.StandardInput.Close();
        return await python.StandardOutput.ReadToEndAsync();
    }
}
