using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Vsmtp.EndToEnd.Tests.Pressure;
using Vsmtp.EndToEnd.Tests.Support;
using Vsmtp.EndToEnd.Tests.Wire;
using Vsmtp.Smtp.Tests.Fuzzing;
using Vsmtp.Smtp.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Fuzzing;

/// <summary>The doors of a running server that are not for clients: where services come back, and where the operator's commands come in.</summary>
public sealed partial class ServerFuzz(WireSite site) : IClassFixture<WireSite>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly string[] Requests =
    [
        "GET /v1/mails HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "GET /v1/mails?queue=quarantine/a&limit=5 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "GET /v1/mails/m-1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "GET /v1/mails/ID/content HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "GET /v1/mails/ID/diff HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "POST /v1/mails/m-00-00000000000000000000000000/remove HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        "POST /v1/mails/..%2f..%2fetc/release HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        "GET /v1/counters HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "GET /v1/rules HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "POST /v1/rules/move?from=zz&after=%00&restart=maybe HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        "GET /v1/mails?limit=-1 HTTP/1.0\r\n\r\n", "GET /v1/mails?queue=%00%ff%F0%9F HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    ];

    /// <summary>Whatever a service says: replies by the grammar, and no mail comes back whose ticket was not said.</summary>
    [Fact]
    public async Task The_receiver_answers_and_takes_nothing_without_a_ticket()
    {
        site.Service.Reset();
        site.Relay.Reset();
        using (var client = await site.OpenAsync(Door.Client))
        {
            await client.AskAsync("MAIL FROM:<john@example.org>");
            await client.AskAsync("RCPT TO:<jane@example.com>");
            await client.AskAsync("DATA");
            Assert.StartsWith("250", await client.AskAsync("Subject: waiting\r\n\r\ntext\r\n."));
        }

        var waiting = (await site.DelegatedAsync(1))[0];
        var secret = waiting.Ticket!.Split('.')[1];
        var envelope = string.Concat(waiting.Commands.Select(command => command + "\r\n"));
        // Its ticket but for one letter, in each place where a ticket may be.
        string Spoil(string text) => text.Replace(secret, (secret[0] == 'A' ? 'B' : 'A') + secret[1..], StringComparison.Ordinal);
        string[] pieces =
        [
            "EHLO service.example.org\r\n", Spoil(envelope), "DATA\r\n", Spoil(waiting.Text), ".\r\n", "\r\n.\r\n", "RSET\r\n", "QUIT\r\n",
            "XFORWARD NAME=a ADDR=192.0.2.1\r\n",
            "MAIL FROM:<> ENVID=a.b\r\n", "RCPT TO:<jane@example.com>\r\n",
            Spoil("EHLO a\r\n" + envelope + "DATA\r\n" + waiting.Text + ".\r\n"), "X-VSMTP-DELEGATION: ",
            "X-VSMTP-DELEGATION: stage=postq; directive=\"x\"; message=m-1; ticket=\"m-1.x\"\r\n", .. FalseEnds.Plain.Take(20),
        ];
        await FuzzRun.RunAsync(new FuzzTarget("receiver", random => OctetMutator.Make(random, pieces, 10), async octets =>
        {
            var said = await SayAsync(new TcpClient("127.0.0.1", site.Site.ReceiverPort).Client, octets);
            var lines = said.Split("\r\n");
            // A connection that was reset may have lost the end of what was said.
            if (lines.SkipLast(1).FirstOrDefault(line => !ReplyLine().IsMatch(line)) is { } odd) return $"no reply: {odd}";
            return site.Relay.Seen.IsEmpty ? null : $"a mail has gone on: {site.Relay.Seen.First().Text}";
        }));

        Assert.True(site.Server.IsRunning);
        Assert.StartsWith("250", await site.Returning.ReturnAsync(waiting));
        await Support.Patience.UntilAsync(() => site.Relay.Mails.Count == 1, "the mail is at the relay");
        await AssertNoFailureAsync();
    }

    /// <summary>Whatever comes: a reply of HTTP that is no fault of ours, and the server lives.</summary>
    [Fact]
    public async Task The_local_API_answers_and_never_with_a_fault_of_its_own()
    {
        var socket = Path.Combine(site.Site.Folder, site.Site.Spool, site.Server.Socket);
        await FuzzRun.RunAsync(new FuzzTarget("api", MakeRequest, async octets =>
        {
            var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await client.ConnectAsync(new UnixDomainSocketEndPoint(socket));
            var said = await SayAsync(client, octets);
            if (said.Length == 0) return null;
            if (StatusLine().Match(said) is not { Success: true } status) return $"no HTTP: {said}";
            // What Kestrel does not know of HTTP is 501 or 505, and no fault.
            return status.Groups[1].Value is "500" or "502" or "503" or "504" ? said : null;
        }));

        Assert.True(site.Server.IsRunning);
        await site.Server.Api.ListAsync(queue: null);
        await AssertNoFailureAsync();
    }

    private static byte[] MakeRequest(Random random) => OctetMutator.Mutate(random, Encoding.ASCII.GetBytes(Requests[random.Next(Requests.Length)]));

    /// <summary>All that it says to octets behind which no more come.</summary>
    private static async Task<string> SayAsync(Socket socket, byte[] octets)
    {
        using var stream = new NetworkStream(socket, ownsSocket: true);
        using var said = new MemoryStream();
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await stream.WriteAsync(octets, patience.Token);
            socket.Shutdown(SocketShutdown.Send);
            await stream.CopyToAsync(said, patience.Token);
        }
        catch (Exception reset) when (reset is IOException or SocketException)
        {
            // It did not read all that we said.
        }

        return Encoding.Latin1.GetString(said.ToArray());
    }

    /// <summary>An error in the log is a failure of ours.</summary>
    private async Task AssertNoFailureAsync() => Assert.DoesNotMatch(@"(?m)^\S+ (ERR|FTL) ", await ServerLog.ReadAsync(site.Site));

    [GeneratedRegex(@"\A[2-5][0-9][0-9][ -][ -~]{0,506}\z")]
    private static partial Regex ReplyLine();

    [GeneratedRegex(@"\AHTTP/1\.[01] ([0-9]{3}) ")]
    private static partial Regex StatusLine();
}
