using System.Net;
using System.Net.Sockets;
using Vsmtp.Smtp.Client;

namespace Vsmtp.Smtp.Tests.Client;

public sealed class SmtpConnectTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task A_server_that_knows_ehlo_tells_what_it_can()
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync("PIPELINING", "size 1000", "8BITMIME", "SMTPUTF8", "DSN", "");
            Assert.Equal("EHLO client.example", peer.Lines[0]);
            await peer.AnswerAsync("QUIT", "221 bye\r\n");
            await peer.ExpectCloseAsync();
        });
        using var connection = await ClientFixture.ConnectAsync(server);

        var can = connection.Capabilities;
        Assert.True(can.Pipelining && can.EightBitMime && can.SmtpUtf8 && can.Dsn && can.Size);
        Assert.Equal(1000, can.MaxBytes);
        Assert.False(can.Has("STARTTLS"));
        Assert.True(connection.IsUsable);
        await connection.QuitAsync();
        Assert.False(connection.IsUsable);
    }

    [Theory]
    [InlineData("500 what?\r\n")]
    [InlineData("502-no\r\n502 not here\r\n")]
    [InlineData("550 5.7.0 no EHLO\r\n")]
    public async Task A_server_that_refuses_ehlo_gets_helo_and_no_parameters(string refusal)
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.SendAsync("220-two\r\n220 lines\r\n");
            await peer.AnswerAsync("EHLO", refusal);
            await peer.AnswerAsync("HELO client.example", "250 mx.example\r\n");
            Assert.Equal("MAIL FROM:<a@client.example>", await peer.ExpectAsync("MAIL"));
            await peer.SendAsync("250 ok\r\n");
            await peer.AnswerAsync("RCPT", "250 ok\r\n");
            await peer.AnswerAsync("DATA", "354 go\r\n");
            await peer.ReadDataAsync();
            await peer.SendAsync("250 ok\r\n");
            await peer.AnswerAsync("QUIT", "221 bye\r\n");
        });

        var mail = ClientFixture.Mail() with { Bytes = 25, Return = "FULL", EnvelopeId = "x" };
        Assert.True((await ClientFixture.SendOnceAsync(server, mail)).Recipients[0].IsTaken);
    }

    [Theory]
    [InlineData("554 5.7.1 go away\r\n", 554)]
    [InlineData("421 Server busy, too many connections\r\n", 421)]
    public async Task A_banner_that_refuses_is_no_session(string banner, int code)
    {
        await using var server = new ScriptedSmtpServer(peer => peer.SendAsync(banner));
        var e = await Assert.ThrowsAsync<SmtpConnectException>(() => ClientFixture.ConnectAsync(server));
        Assert.Equal(SmtpClientPhase.Greeting, e.Phase);
        Assert.Equal(code, e.Reply?.Code);
        Assert.Contains(banner.TrimEnd(), e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("450 4.3.2 later\r\n", 450)]
    [InlineData("421 4.3.2 closing\r\n", 421)]
    public async Task An_ehlo_refused_for_now_is_no_session_and_no_reason_for_helo(string refusal, int code)
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.SendAsync("220 hello\r\n");
            await peer.AnswerAsync("EHLO", refusal);
            await peer.ExpectCloseAsync();
        });
        var e = await Assert.ThrowsAsync<SmtpConnectException>(() => ClientFixture.ConnectAsync(server));
        Assert.Equal((SmtpClientPhase.Helo, code), (e.Phase, e.Reply?.Code));
    }

    [Fact]
    public async Task The_end_of_the_stream_without_a_banner_is_no_session()
    {
        await using var server = new ScriptedSmtpServer(_ => Task.CompletedTask);
        var e = await Assert.ThrowsAsync<SmtpConnectException>(() => ClientFixture.ConnectAsync(server));
        Assert.Equal(SmtpClientPhase.Greeting, e.Phase);
        Assert.Null(e.Reply);
    }

    [Fact]
    public async Task A_port_where_nobody_listens_is_no_session()
    {
        using var reserved = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        reserved.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var destination = new SmtpDestination("127.0.0.1", ((IPEndPoint)reserved.LocalEndPoint!).Port);

        var e = await Assert.ThrowsAsync<SmtpConnectException>(() => SmtpClientConnection.ConnectAsync(
            destination, ClientFixture.Options, TimeProvider.System, TestContext.Current.CancellationToken));
        Assert.Equal(SmtpClientPhase.Connect, e.Phase);
    }

    [Fact]
    public async Task A_name_without_an_address_is_no_session()
    {
        var e = await Assert.ThrowsAsync<SmtpConnectException>(() => SmtpClientConnection.ConnectAsync(
            new SmtpDestination("no-such-host.invalid", 25), ClientFixture.Options, TimeProvider.System, TestContext.Current.CancellationToken));
        Assert.Equal(SmtpClientPhase.Connect, e.Phase);
    }

    [Fact]
    public async Task A_name_is_resolved_and_the_address_told()
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync();
            await peer.ExpectCloseAsync();
        });
        var destination = server.Destination with { Host = "localhost" };
        using var connection = await SmtpClientConnection.ConnectAsync(
            destination, ClientFixture.Options, TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Equal($"localhost:{destination.Port} (127.0.0.1)", connection.Server);
    }

    [Fact]
    public async Task A_banner_that_does_not_come_is_no_session()
    {
        await using var server = new ScriptedSmtpServer(peer => peer.ExpectCloseAsync());
        var options = ClientFixture.Options with { Timeouts = new SmtpClientTimeouts { Greeting = Short } };
        var e = await Assert.ThrowsAsync<SmtpConnectException>(() => ClientFixture.ConnectAsync(server, options));
        Assert.Equal(SmtpBreak.TimedOut, Assert.IsType<SmtpConversationException>(e.InnerException).Reason);
    }

    [Fact]
    public async Task A_banner_that_drips_is_timed_as_a_whole()
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.SendAsync("220-first\r\n220-second\r\n");
            await peer.ExpectCloseAsync();
        });
        var options = ClientFixture.Options with { Timeouts = new SmtpClientTimeouts { Greeting = Short } };
        await Assert.ThrowsAsync<SmtpConnectException>(() => ClientFixture.ConnectAsync(server, options));
    }

    [Fact]
    public async Task A_caller_that_gives_up_is_told_so_and_not_of_a_time_out()
    {
        using var givingUp = new CancellationTokenSource();
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await givingUp.CancelAsync();
            await peer.ExpectCloseAsync();
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SmtpClientConnection.ConnectAsync(
            server.Destination, ClientFixture.Options, TimeProvider.System, givingUp.Token));
    }

    [Fact]
    public async Task A_banner_without_end_is_no_session()
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.SendAsync(string.Concat(Enumerable.Repeat("220-more\r\n", 200)));
            await peer.ExpectCloseAsync();
        });
        var e = await Assert.ThrowsAsync<SmtpConnectException>(() => ClientFixture.ConnectAsync(server));
        Assert.Equal(SmtpBreak.Protocol, Assert.IsType<SmtpConversationException>(e.InnerException).Reason);
    }

    [Fact]
    public async Task A_line_without_end_is_no_session()
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.SendAsync("220 " + new string('x', 20_000));
            await peer.ExpectCloseAsync();
        });
        var e = await Assert.ThrowsAsync<SmtpConnectException>(() => ClientFixture.ConnectAsync(server));
        Assert.Equal(SmtpBreak.Protocol, Assert.IsType<SmtpConversationException>(e.InnerException).Reason);
    }

    [Fact]
    public async Task A_server_that_speaks_something_else_is_no_session()
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.SendAsync("SSH-2.0-OpenSSH_9.2\r\n");
            await peer.ExpectCloseAsync();
        });
        var e = await Assert.ThrowsAsync<SmtpConnectException>(() => ClientFixture.ConnectAsync(server));
        Assert.Equal(SmtpBreak.Protocol, Assert.IsType<SmtpConversationException>(e.InnerException).Reason);
    }
}
