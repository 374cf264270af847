using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.InAndOut;

/// <summary>Clients, and services on the receiver, that mean harm or run in circles.</summary>
public sealed class HostileClientTests
{
    private const string Message = "Subject: probe\r\n\r\ntext\r\n";

    [Fact]
    public async Task A_HELO_that_is_refused_is_no_way_out_of_a_quarantine()
    {
        await using var site = await RunningSite.StartAsync("""
            #{
                helo: [
                    rule "nobody is localhost" || { if helo() == "localhost" { info("550 5.7.1 you are not") } else { next() } },
                    rule "all others are suspect" || { quarantine("suspect") },
                ],
            }
            """);
        using var smtp = await RawSmtp.OpenAsync(site.Site.ClientPort);
        Assert.StartsWith("550", await smtp.AskAsync("EHLO localhost"));

        var reply = await smtp.SendMailAsync("john@example.org", ["jane@example.com"], Message);
        Assert.StartsWith("250", reply);
        await site.Server.WaitForAsync(RawSmtp.IdOf(reply), "quarantine/suspect");
    }

    [Fact]
    public async Task A_HELO_that_is_refused_amid_a_transaction_leaves_it_as_it_was()
    {
        await using var site = await RunningSite.StartAsync("""
            #{
                helo: [ rule "nobody is localhost" || { if helo() == "localhost" { info("550 5.7.1 you are not") } else { next() } } ],
            }
            """);
        using var smtp = await RawSmtp.OpenAsync(site.Site.ClientPort);
        Assert.StartsWith("250", await smtp.AskAsync("MAIL FROM:<john@example.org>"));
        Assert.StartsWith("250", await smtp.AskAsync("RCPT TO:<jane@example.com>"));
        Assert.StartsWith("550", await smtp.AskAsync("EHLO localhost"));

        var reply = await smtp.SendDataAsync(Message);
        Assert.StartsWith("250", reply);
        await site.DeliveredAsync(RawSmtp.IdOf(reply), "probe");
        var mail = Assert.Single(site.Relay.Mails);
        Assert.Equal("john@example.org", mail.Sender);
        Assert.Equal(["jane@example.com"], mail.Recipients);
    }

    [Fact]
    public async Task Of_a_refused_recipient_nothing_stays_whatever_the_rules_made_of_it()
    {
        await using var site = await RunningSite.StartAsync("""
            #{
                rcpt: [
                    action "rewrite" || { if rcpt().local_part == "bad" {
                        rewrite_rcpt_envelop("bad@example.com", "other@example.com");
                        bcc("copy@example.com");
                    } },
                    rule "refuse" || { if rcpt_list().len() > 1 { info("550 5.1.1 no") } else { next() } },
                ],
            }
            """);
        using var smtp = await RawSmtp.OpenAsync(site.Site.ClientPort);
        Assert.StartsWith("250", await smtp.AskAsync("MAIL FROM:<john@example.org>"));
        Assert.StartsWith("250", await smtp.AskAsync("RCPT TO:<jane@example.com>"));
        Assert.StartsWith("550", await smtp.AskAsync("RCPT TO:<bad@example.com>"));

        var reply = await smtp.SendDataAsync(Message);
        await site.DeliveredAsync(RawSmtp.IdOf(reply), "probe");
        Assert.Equal(["jane@example.com"], Assert.Single(site.Relay.Mails).Recipients);
    }

    [Fact]
    public async Task A_mail_that_goes_in_a_circle_is_refused()
    {
        await using var site = await RunningSite.StartAsync("#{}");
        using var smtp = await RawSmtp.OpenAsync(site.Site.ClientPort);
        const string Hop = "Received: from a.example by b.example; Sun, 22 Nov 2026 09:41:57 +0000\r\n";

        var reply = await smtp.SendMailAsync("john@example.org", ["jane@example.com"], string.Concat(Enumerable.Repeat(Hop, 99)) + Message);
        Assert.StartsWith("250", reply);
        reply = await smtp.SendMailAsync("john@example.org", ["jane@example.com"], string.Concat(Enumerable.Repeat(Hop, 100)) + Message);
        Assert.StartsWith("554 5.4.6", reply);
    }

    [Fact]
    public async Task A_service_cannot_name_recipients_for_ever()
    {
        await using var site = await RunningSite.StartAsync(RunningSite.OneDelegation, "");
        using var smtp = await RawSmtp.OpenAsync(site.Site.ReceiverPort);
        Assert.StartsWith("250", await smtp.AskAsync("MAIL FROM:<john@example.org>"));
        for (var sent = 0; sent < 10_000; sent += 500)
        {
            await smtp.SendAsync(string.Concat(Enumerable.Repeat("RCPT TO:<jane@example.com>\r\n", 500)));
            for (var i = 0; i < 500; i++) Assert.StartsWith("250", await smtp.ReadReplyAsync());
        }

        Assert.StartsWith("452", await smtp.AskAsync("RCPT TO:<jane@example.com>"));
    }

    [Fact]
    public async Task A_client_that_takes_no_replies_is_cut_off_and_keeps_no_connection_that_nobody_counts()
    {
        await using var site = await RunningSite.StartAsync("#{}", extraToml: """
            [server.smtp.timeout_client]
            connect = "2s"
            helo = "2s"
            mail_from = "2s"
            rcpt_to = "2s"
            data = "2s"
            """);
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 2048 };
        await client.ConnectAsync(IPAddress.Loopback, site.Site.ClientPort);
        var end = (IPEndPoint)client.LocalEndPoint!;

        // Until the kernel holds all that it takes, and a little is left to the server: less than makes it wait before its next reply.
        // A machine that is busy takes its time, so one look that shows nothing new is not enough.
        var batch = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("EHLO client.example.org\r\n", 150)));
        var (most, looks) = (0L, 0);
        while (most == 0 || ++looks < 5)
        {
            if (looks == 0) await client.SendAsync(batch);
            await Task.Delay(100);
            if (Unsent(site.Site.ClientPort, end.Port) is var now && now > most) (most, looks) = (now, -1);
        }

        Assert.True(IsOpen(site.Site.ClientPort, end.Port));
        await Patience.UntilAsync(() => !IsOpen(site.Site.ClientPort, end.Port), "the server has closed");
    }

    private static bool IsOpen(int serverPort, int clientPort) => Unsent(serverPort, clientPort) >= 0;

    /// <summary>Octets that the server's kernel has for a client; -1 when no process has such a connection (proc(5), <c>/proc/net/tcp</c>).</summary>
    private static long Unsent(int serverPort, int clientPort)
    {
        foreach (var file in new[] { "/proc/net/tcp", "/proc/net/tcp6" })
        {
            foreach (var line in File.ReadLines(file))
            {
                var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (!words[1].EndsWith($":{serverPort:X4}", StringComparison.Ordinal)
                    || !words[2].EndsWith($":{clientPort:X4}", StringComparison.Ordinal)) continue;
                const int Inode = 9;                           // nought: closed, and only the kernel still has to do with it
                if (words[Inode] == "0") continue;
                return long.Parse(words[4].AsSpan(0, 8), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            }
        }

        return -1;
    }
}
