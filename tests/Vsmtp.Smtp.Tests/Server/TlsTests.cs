using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Vsmtp.Smtp.Replies;
using Vsmtp.Smtp.Server;
using Vsmtp.Smtp.Tests.Client;
using Vsmtp.Smtp.Tests.Support;

namespace Vsmtp.Smtp.Tests.Server;

/// <summary>The session under TLS, against SslStream as its client, over real connections.</summary>
public sealed class TlsTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ScriptedCertificates _certificates = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly RecordingPolicy _policy = new();
    private readonly List<string> _names = [];
    private SmtpSessionInfo? _info;

    public TlsTests() => _listener.Start();

    public void Dispose()
    {
        _listener.Dispose();
        _certificates.Dispose();
    }

    [Fact]
    public async Task Under_TLS_all_begins_anew_and_STARTTLS_is_not_offered_again()
    {
        var session = ServeAsync(Options());
        using var client = await ConnectAsync();
        Assert.Contains("STARTTLS", await client.AskAsync("EHLO a.example"), StringComparison.Ordinal);
        Assert.Equal("220 2.0.0 TLS go ahead", await client.AskAsync("STARTTLS"));
        await client.SecureAsync();
        Assert.StartsWith("503 5.5.1", await client.AskAsync("MAIL FROM:<a@b.example>"), StringComparison.Ordinal);
        Assert.DoesNotContain("STARTTLS", await client.AskAsync("EHLO b.example"), StringComparison.Ordinal);
        Assert.Equal("554 5.5.1 Error: TLS already active", await client.AskAsync("STARTTLS"));
        await client.SendMailAsync("Subject: x\r\n\r\nx\r\n");
        Assert.StartsWith("221", await client.AskAsync("QUIT"), StringComparison.Ordinal);
        Assert.Equal("", await client.ReadReplyAsync());

        Assert.Equal(SessionEnd.Quit, await session.WaitAsync(Patience));
        Assert.Equal(
            ["connect", "helo a.example", "connect", "helo b.example", "mail <a@b.example>", "rcpt <c@d.example>", "data", "disconnected Quit"],
            _policy.Calls);
        Assert.Equal("Subject: x\r\n\r\nx\r\n", Assert.Single(_policy.Messages).Text);
        Assert.Equal(("TLSv1.3", "b.example"), (_info!.Tls!.Version, _info.Helo!.Name));
        Assert.StartsWith("TLS_", _info.Tls.Cipher, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_server_says_goodbye_in_TLS_so_that_an_end_is_no_cut()
    {
        var session = ServeAsync(Options(), isTlsFirst: true);
        using var client = await ConnectAsync(isTlsFirst: true);
        await client.AskAsync("QUIT");
        Assert.Equal("", await client.ReadReplyAsync());
        Assert.Equal(SessionEnd.Quit, await session.WaitAsync(Patience));
        // Record type 21 is an alert; under TLS 1.3 all look alike, so the tap counts what came behind the 221.
        Assert.Equal(2, client.RecordsSinceLastCommand);
    }

    [Fact]
    public async Task Where_TLS_comes_first_the_greeting_comes_under_it()
    {
        var session = ServeAsync(Options(), isTlsFirst: true);
        using var client = await ConnectAsync(isTlsFirst: true);
        Assert.DoesNotContain("STARTTLS", await client.AskAsync("EHLO b.example"), StringComparison.Ordinal);
        Assert.StartsWith("554 5.5.1", await client.AskAsync("STARTTLS"), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.AskAsync("NOOP"), StringComparison.Ordinal);
        await client.AskAsync("QUIT");
        Assert.Equal(SessionEnd.Quit, await session.WaitAsync(Patience));
        Assert.Equal(["connect", "helo b.example", "disconnected Quit"], _policy.Calls);
    }

    [Theory]
    [InlineData("STARTTLS\r\nEHLO evil.example\r\n")]
    [InlineData("STARTTLS\r\nMAIL FROM:<evil@evil.example>\r\n")]
    [InlineData("STARTTLS\r\nE")]
    [InlineData("STARTTLS\r\n\r\n")]
    public async Task What_is_said_in_clear_behind_STARTTLS_is_refused_without_a_handshake(string said)
    {
        var session = ServeAsync(Options());
        using var client = await ConnectAsync();
        await client.AskAsync("EHLO a.example");
        await client.SendAsync(said);
        Assert.Equal("503 5.5.1 Bad sequence of commands: nothing may follow STARTTLS", await client.ReadReplyAsync());
        Assert.Equal("", await client.ReadReplyAsync());
        Assert.Equal(SessionEnd.TlsFailed, await session.WaitAsync(Patience));
        Assert.Equal(["connect", "helo a.example", "disconnected TlsFailed"], _policy.Calls);
        Assert.Null(_info!.Tls);
    }

    [Fact]
    public async Task What_is_said_in_clear_behind_the_go_ahead_is_no_command_either()
    {
        var session = ServeAsync(Options());
        using var client = await ConnectAsync();
        await client.AskAsync("STARTTLS");
        await client.SendAsync("EHLO evil.example\r\nMAIL FROM:<evil@evil.example>\r\n");
        Assert.DoesNotContain("250", await client.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Equal(SessionEnd.TlsFailed, await session.WaitAsync(Patience));
        Assert.Equal(["connect", "disconnected TlsFailed"], _policy.Calls);
    }

    [Fact]
    public async Task Without_a_certificate_STARTTLS_is_454_and_is_not_offered()
    {
        var session = ServeAsync(SessionHarness.Options);
        using var client = await ConnectAsync();
        Assert.DoesNotContain("STARTTLS", await client.AskAsync("EHLO a.example"), StringComparison.Ordinal);
        Assert.StartsWith("454 4.7.0", await client.AskAsync("STARTTLS"), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.AskAsync("NOOP"), StringComparison.Ordinal);
        await client.AskAsync("QUIT");
        Assert.Equal(SessionEnd.Quit, await session.WaitAsync(Patience));
    }

    [Fact]
    public async Task Where_TLS_is_required_nothing_else_is_heard_in_clear()
    {
        var options = Options() with { Tls = Tls() with { IsRequired = true } };
        var session = ServeAsync(options);
        using var client = await ConnectAsync();
        foreach (var command in new[] { "HELO a.example", "MAIL FROM:<a@b.example>", "RCPT TO:<c@d.example>", "DATA", "RSET", "HELP", "VRFY x" })
            Assert.Equal("530 5.7.0 Must issue a STARTTLS command first", await client.AskAsync(command));
        Assert.StartsWith("250", await client.AskAsync("NOOP"), StringComparison.Ordinal);
        Assert.Contains("STARTTLS", await client.AskAsync("EHLO a.example"), StringComparison.Ordinal);
        Assert.StartsWith("530 5.7.0", await client.AskAsync("MAIL FROM:<a@b.example>"), StringComparison.Ordinal);
        await client.AskAsync("STARTTLS");
        await client.SecureAsync();
        await client.AskAsync("EHLO a.example");
        await client.SendMailAsync("x\r\n");
        await client.AskAsync("QUIT");
        Assert.Equal(SessionEnd.Quit, await session.WaitAsync(Patience));
        Assert.Single(_policy.Messages);
    }

    [Theory]
    [InlineData("MAIL FROM:<a@b.example>")]
    [InlineData("MAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>")]
    public async Task STARTTLS_amid_a_transaction_is_out_of_order(string before)
    {
        var session = ServeAsync(Options());
        using var client = await ConnectAsync();
        await client.AskAsync("EHLO a.example");
        foreach (var command in before.Split("\r\n")) await client.AskAsync(command);
        Assert.StartsWith("503", await client.AskAsync("STARTTLS"), StringComparison.Ordinal);
        Assert.StartsWith("501", await client.AskAsync("STARTTLS now"), StringComparison.Ordinal);
        await client.AskAsync("QUIT");
        Assert.Equal(SessionEnd.Quit, await session.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_connection_that_is_refused_under_TLS_is_told_so_at_its_first_command()
    {
        _policy.Connect = () => _policy.Calls.Count > 1
            ? SessionVerdict.RefuseAndClose(new SmtpReply(550, "5.7.1", "not under TLS"))
            : SessionVerdict.Continue;
        var session = ServeAsync(Options());
        using var client = await ConnectAsync();
        await client.AskAsync("STARTTLS");
        await client.SecureAsync();
        Assert.Equal("550 5.7.1 not under TLS", await client.AskAsync("EHLO a.example"));
        Assert.Equal("", await client.ReadReplyAsync());
        Assert.Equal(SessionEnd.Refused, await session.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_handshake_that_is_too_slow_ends_the_connection()
    {
        var session = ServeAsync(Options() with { Tls = Tls() with { HandshakeTimeout = TimeSpan.FromMilliseconds(100) } });
        using var client = await ConnectAsync();
        await client.AskAsync("STARTTLS");
        await client.SendAsync(Latin1([22, 3, 1, 2, 0, 1]));       // the beginning of a ClientHello
        await client.ReadToEndAsync();
        Assert.Equal(SessionEnd.TlsFailed, await session.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_server_that_stops_waits_for_no_handshake()
    {
        using var stop = new CancellationTokenSource();
        var session = ServeAsync(Options() with { Tls = Tls() with { HandshakeTimeout = TimeSpan.FromHours(1) } }, shutdown: stop.Token);
        using var client = await ConnectAsync();
        await client.AskAsync("STARTTLS");
        await stop.CancelAsync();
        Assert.Equal(SessionEnd.Shutdown, await session.WaitAsync(Patience));
    }

    /// <summary>Cuts the client's side of a handshake after each of its octets in turn: all ends are the same to the server.</summary>
    [Fact]
    public async Task A_handshake_that_breaks_off_anywhere_ends_the_session_and_nothing_else()
    {
        var flights = await RecordHandshakeAsync();
        foreach (var length in Enumerable.Range(0, flights.Length).Where(length => length < 12 || length % 37 == 0))
        {
            _policy.Calls.Clear();
            var session = ServeAsync(Options());
            using var client = await ConnectAsync();
            await client.AskAsync("STARTTLS");
            await client.SendAsync(Latin1(flights[..length]));
            client.SayNoMore();
            await client.ReadToEndAsync();
            Assert.Equal(SessionEnd.TlsFailed, await session.WaitAsync(Patience));
            Assert.Equal(["connect", "disconnected TlsFailed"], _policy.Calls);
        }
    }

    [Fact]
    public async Task Whatever_comes_in_place_of_a_handshake_ends_the_session_and_nothing_else()
    {
        var flights = await RecordHandshakeAsync();
        var random = new Random(1);
        for (var i = 0; i < 200; i++)
        {
            // Noise, or a handshake with some octets changed: a record, a hello, an extension, a name that is none.
            var said = flights[..(i % 3 == 0 ? 0 : flights.Length)];
            if (said.Length == 0) random.NextBytes(said = new byte[random.Next(1, 2000)]);
            for (var j = 0; j < 1 + i % 4; j++) said[random.Next(i % 2 == 0 ? 5 : 0, Math.Min(said.Length, 300))] ^= (byte)random.Next(1, 256);
            var session = ServeAsync(Options());
            using var client = await ConnectAsync();
            await client.AskAsync("STARTTLS");
            await client.SendAsync(Latin1(said));
            client.SayNoMore();
            await client.ReadToEndAsync();
            Assert.Equal(SessionEnd.TlsFailed, await session.WaitAsync(Patience));
        }
    }

    [Fact]
    public async Task What_was_changed_on_its_way_is_no_command()
    {
        var session = ServeAsync(Options());
        using var client = await ConnectAsync();
        await client.AskAsync("STARTTLS");
        await client.SecureAsync();
        await client.AskAsync("EHLO a.example");
        client.Corrupt();
        await client.SendAsync("MAIL FROM:<a@b.example>\r\n");
        Assert.DoesNotContain("250", await client.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Equal(SessionEnd.ConnectionLost, await session.WaitAsync(Patience));
        Assert.Equal("disconnected ConnectionLost", _policy.Calls[^1]);
        Assert.DoesNotContain(_policy.Calls, call => call.StartsWith("mail", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_client_that_takes_no_replies_is_not_waited_for()
    {
        var session = ServeAsync(Options() with { Timeouts = new SmtpTimeouts { Reply = TimeSpan.FromMilliseconds(300) } }, isTlsFirst: true);
        using var client = await ConnectAsync(isTlsFirst: true);
        var lines = string.Concat(Enumerable.Repeat("HELP\r\n", 2000));
        try
        {
            while (!session.IsCompleted) await client.SendAsync(lines).WaitAsync(Patience);
        }
        catch (IOException)
        {
            // The server has closed.
        }

        Assert.Equal(SessionEnd.ConnectionLost, await session.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_client_that_speaks_no_version_of_ours_gets_none()
    {
        var session = ServeAsync(Options(SslProtocols.Tls13));
        using var client = await ConnectAsync();
        await client.AskAsync("STARTTLS");
        await Assert.ThrowsAnyAsync<Exception>(() => client.SecureAsync(version: SslProtocols.Tls12));
        Assert.Equal(SessionEnd.TlsFailed, await session.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_message_of_megabytes_arrives_octet_by_octet_the_same()
    {
        var content = "\r\n" + Lines(5 * 1024 * 1024);
        var session = ServeAsync(Options());
        using var client = await ConnectAsync();
        await client.AskAsync("EHLO a.example");
        await client.AskAsync("STARTTLS");
        await client.SecureAsync();
        await client.AskAsync("EHLO a.example");
        await client.SendMailAsync(content);
        await client.AskAsync("QUIT");
        Assert.Equal(SessionEnd.Quit, await session.WaitAsync(Patience));
        Assert.Equal(content, Latin1(Assert.Single(_policy.Messages).Bytes));
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(1)]
    public async Task Commands_and_messages_that_come_at_once_or_octet_by_octet_are_answered_in_order(int octetsPerRecord)
    {
        var session = ServeAsync(Options());
        using var client = await ConnectAsync();
        await client.AskAsync("STARTTLS");
        await client.SecureAsync();
        const string said = "EHLO a\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA\r\nSubject: 1\r\n\r\n..1\r\n.\r\n"
            + "MAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA\r\nSubject: 2\r\n\r\n2\r\n.\r\nQUIT\r\n";
        foreach (var part in said.Chunk(octetsPerRecord)) await client.SendAsync(new string(part));
        var replies = (await client.ReadToEndAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line[3] == ' ').Select(line => line[..3]);
        Assert.Equal(["250", "250", "250", "354", "250", "250", "250", "354", "250", "221"], replies);
        Assert.Equal(SessionEnd.Quit, await session.WaitAsync(Patience));
        Assert.Equal(["Subject: 1\r\n\r\n.1\r\n", "Subject: 2\r\n\r\n2\r\n"], _policy.Messages.Select(message => message.Text));
    }

    [Fact]
    public async Task A_silent_client_is_told_421_under_TLS_too()
    {
        var session = ServeAsync(Options() with { Timeouts = new SmtpTimeouts { Connect = TimeSpan.FromMilliseconds(200) } }, isTlsFirst: true);
        using var client = await ConnectAsync(isTlsFirst: true);
        Assert.StartsWith("421 4.4.2", await client.ReadReplyAsync(), StringComparison.Ordinal);
        Assert.Equal(SessionEnd.TimedOut, await session.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_server_that_stops_tells_a_client_under_TLS_that_says_nothing()
    {
        using var stop = new CancellationTokenSource();
        var session = ServeAsync(Options(), isTlsFirst: true, stop.Token);
        using var client = await ConnectAsync(isTlsFirst: true);
        await stop.CancelAsync();
        Assert.StartsWith("421 4.3.2", await client.ReadReplyAsync(), StringComparison.Ordinal);
        Assert.Equal(SessionEnd.Shutdown, await session.WaitAsync(Patience));
    }

    [Fact]
    public async Task The_name_that_the_client_asks_for_is_known_if_it_is_ours()
    {
        (string Asked, string? Known)[] names =
            [("D.example", "d.example"), ("bücher.example", "xn--bcher-kva.example"), ("nobody.example", null), ("", null)];
        foreach (var (asked, expected) in names)
        {
            var session = ServeAsync(Options());
            using var client = await ConnectAsync();
            await client.AskAsync("STARTTLS");
            await client.SecureAsync(asked);
            await client.AskAsync("QUIT");
            Assert.Equal(SessionEnd.Quit, await session.WaitAsync(Patience));
            Assert.Equal(expected, _info!.Tls!.ServerName);
        }

        Assert.Equal(["d.example", "xn--bcher-kva.example", "nobody.example", ""], _names);
    }

    [Fact]
    public async Task What_no_client_could_be_served_with_is_known_before_one_comes()
    {
        var good = Tls().TermsFor("");
        Assert.Null(await TlsRehearsal.TryAsync(good, SslProtocols.Tls12, CancellationToken.None));
        Assert.Null(await TlsRehearsal.TryAsync(good, SslProtocols.Tls13, CancellationToken.None));
        if (OperatingSystem.IsWindows() || OperatingSystem.IsMacOS()) return;
        good.Options.CipherSuitesPolicy = new CipherSuitesPolicy(
            [TlsCipherSuite.TLS_AES_128_GCM_SHA256, TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256]);
        Assert.Null(await TlsRehearsal.TryAsync(good, SslProtocols.Tls13, CancellationToken.None));
        // The key is an elliptic curve's, and the suite wants RSA.
        Assert.NotNull(await TlsRehearsal.TryAsync(good, SslProtocols.Tls12, CancellationToken.None));
    }

    private static string Latin1(byte[] octets) => Encoding.Latin1.GetString(octets);

    private static string Lines(int octets)
    {
        var random = new Random(1);
        var text = new StringBuilder();
        while (text.Length < octets) text.Append('.', random.Next(0, 3)).Append((char)random.Next('!', 'ÿ'), random.Next(0, 900)).Append("\r\n");
        return text.ToString();
    }

    private SmtpServerOptions Options(SslProtocols versions = SslProtocols.Tls12 | SslProtocols.Tls13) =>
        SessionHarness.Options with { Tls = Tls(versions) };

    private SmtpServerTls Tls(SslProtocols versions = SslProtocols.Tls12 | SslProtocols.Tls13)
    {
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(_certificates.Make("mx.example"), null, offline: true),
            EnabledSslProtocols = versions,
            AllowRenegotiation = false,
        };
        return new SmtpServerTls(name =>
        {
            _names.Add(name);
            return new SmtpTlsTerms(options, name is "d.example" or "xn--bcher-kva.example" ? name : null);
        });
    }

    private async Task<SessionEnd> ServeAsync(SmtpServerOptions options, bool isTlsFirst = false, CancellationToken shutdown = default)
    {
        using var socket = await _listener.AcceptSocketAsync(CancellationToken.None);
        await using var stream = new NetworkStream(socket);
        _info = new SmtpSessionInfo("s1", (IPEndPoint)socket.RemoteEndPoint!, (IPEndPoint)socket.LocalEndPoint!, DateTimeOffset.UtcNow);
        var connection = new SmtpConnection(new StreamPipe(PipeReader.Create(stream), PipeWriter.Create(stream)), _info) { IsTlsFirst = isTlsFirst };
        return await new SmtpServerSession(options, connection, _policy, TimeProvider.System, NullLogger.Instance)
            .RunAsync(shutdown, CancellationToken.None);
    }

    private async Task<TlsClient> ConnectAsync(bool isTlsFirst = false)
    {
        var client = await TlsClient.ConnectAsync((IPEndPoint)_listener.LocalEndpoint);
        if (isTlsFirst) await client.SecureAsync();
        Assert.StartsWith("220", await client.ReadReplyAsync(), StringComparison.Ordinal);
        return client;
    }

    /// <summary>What a client sends in a handshake that succeeds.</summary>
    private async Task<byte[]> RecordHandshakeAsync()
    {
        var session = ServeAsync(Options());
        using var client = await ConnectAsync();
        await client.AskAsync("STARTTLS");
        await client.SecureAsync();
        var sent = client.SentUnderTls;
        await client.AskAsync("QUIT");
        await session.WaitAsync(Patience);
        return sent;
    }

    private sealed record StreamPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
