using System.Collections.Concurrent;
using Vsmtp.Contracts.Mail;
using Vsmtp.Delivery.Tests.Support;
using Vsmtp.Mail.Delegation;
using Vsmtp.Smtp.Client;
using Vsmtp.Smtp.Tests.Client;

namespace Vsmtp.Delivery.Tests.Delegation;

/// <summary>The sender against a real synchronous proxy: it talks to our receiver while we still talk to it.</summary>
public sealed class RealServiceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly ConcurrentQueue<string> _mails = new();

    public RealServiceTests()
    {
        if (!Proxsmtpd.IsInstalled) Assert.Skip("proxsmtpd is not installed.");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Mails_pass_and_come_to_the_receiver_as_they_were_sent()
    {
        await using var receiver = new ScriptedSmtpServer(repeatsLast: true, ReceiveAsync);
        await using var service = await Proxsmtpd.StartAsync(_folder, receiver.Destination, "cat");
        await using var bench = new DelegationBench();
        for (var attempt = 1; attempt <= 5; attempt++)
        {
            var job = bench.Job(Settings(service), $"Subject: {attempt}\r\n\r\n.dot\r\ncaf\u00e9\r\nno end", attempt, "b@mx.example", "c@mx.example");
            var report = await bench.SendAsync(job with { Envelope = job.Envelope with { Is8Bit = true } });
            Assert.Equal((DelegationSendResult.Accepted, $"250-2.0.0 the receiver's\n250 2.0.0 own words {attempt}"), (report.Result, report.Detail));
        }

        await bench.DisposeAsync();
        Assert.Equal(1, receiver.Accepted);
        Assert.Equal("EHLO vsmtp.example", _lines.First());
        Assert.Equal(5, _lines.Count(line => line.StartsWith("MAIL FROM:<a@client.example>", StringComparison.Ordinal)
            && line.Contains(" BODY=8BITMIME", StringComparison.Ordinal)
            && line.Contains($" ENVID={bench.Ticket.ToEnvid()}", StringComparison.Ordinal)));
        Assert.Equal(10, _lines.Count(line => line.StartsWith("RCPT TO:", StringComparison.Ordinal)));
        var header = new DelegationHeader("postq", "check email for virus", DelegationBench.MailId, bench.Ticket).ToValue();
        Assert.Equal(
            Enumerable.Range(1, 5).Select(i => $"X-VSMTP-DELEGATION: {header}\r\nSubject: {i}\r\n\r\n..dot\r\ncaf\u00e9\r\nno end\r\n.\r\n"),
            _mails);
    }

    [Fact]
    public async Task A_mail_that_the_filter_refuses_is_rejected_in_its_words_and_the_next_one_passes()
    {
        await using var receiver = new ScriptedSmtpServer(repeatsLast: true, ReceiveAsync);
        await using var service = await Proxsmtpd.StartAsync(
            _folder, receiver.Destination, "sh -c 'if grep -q EICAR $EMAIL; then echo 550 5.7.1 virus >&2; exit 1; fi; cat $EMAIL'\nFilterType: file");
        await using var bench = new DelegationBench();
        var rejected = await bench.SendAsync(bench.Job(Settings(service), "Subject: x\r\n\r\nEICAR\r\n"));
        Assert.Equal((DelegationSendResult.Rejected, "550 5.7.1 virus"), (rejected.Result, rejected.Detail));
        var accepted = await bench.SendAsync(bench.Job(Settings(service), "Subject: x\r\n\r\nclean\r\n", 2));
        Assert.Equal(DelegationSendResult.Accepted, accepted.Result);
        await bench.DisposeAsync();
        Assert.Single(_mails);
        Assert.Contains("RSET", _lines);
    }

    [Fact]
    public async Task Without_a_receiver_the_service_is_unreachable()
    {
        SmtpDestination gone;
        await using (var closed = new ScriptedSmtpServer()) gone = closed.Destination;
        await using var service = await Proxsmtpd.StartAsync(_folder, gone, "cat");
        await using var bench = new DelegationBench();
        Assert.Equal(DelegationSendResult.Unreachable, (await bench.SendAsync(bench.Job(Settings(service)))).Result);
    }

    private static SmtpServiceSettings Settings(Proxsmtpd service) => new()
    {
        Name = "proxsmtpd", Delegator = service.Destination.ToString(), Receiver = "127.0.0.1:1", Timeout = TimeSpan.FromSeconds(20),
    };

    /// <summary>Plays our receiver.</summary>
    private async Task ReceiveAsync(ScriptedPeer peer)
    {
        await peer.SendAsync("220 receiver.example\r\n");
        while (await peer.ReadLineAsync() is { } line)
        {
            _lines.Enqueue(line);
            if (line.StartsWith("EHLO", StringComparison.Ordinal)) await peer.SendAsync("250-receiver.example\r\n250-8BITMIME\r\n250-SIZE 1000000\r\n250 DSN\r\n");
            else if (line == "DATA")
            {
                await peer.SendAsync("354 go\r\n");
                _mails.Enqueue(await peer.ReadDataAsync());
                await peer.SendAsync($"250-2.0.0 the receiver's\r\n250 2.0.0 own words {_mails.Count}\r\n");
            }
            else
            {
                await peer.SendAsync(line == "QUIT" ? "221 bye\r\n" : "250 ok\r\n");
            }
        }
    }
}
