using Vsmtp.Mail.Transfer;
using Vsmtp.Smtp.Client;

namespace Vsmtp.Smtp.Tests.Client;

/// <summary>RFC 2033: as SMTP, but for LHLO, and a reply for each recipient behind the dot.</summary>
public sealed class LmtpTests
{
    private static readonly string[] Three = ["1@mx.example", "2@mx.example", "3@mx.example"];

    private static SmtpClientOptions Lmtp { get; } = ClientFixture.Options with { Protocol = TransferProtocol.Lmtp };

    private static Task<SmtpSendResult> SendAsync(SmtpClientConnection connection) =>
        connection.SendAsync(ClientFixture.Mail(ClientFixture.Message, Three), TestContext.Current.CancellationToken);

    private static (SmtpClientPhase, int)[] Codes(SmtpSendResult result) => [.. result.Recipients.Select(r => (r.Phase, r.Reply.Code))];

    private static async Task GreetAsync(ScriptedPeer peer, params string[] extensions)
    {
        await peer.SendAsync("220 lmtp.example LMTP\r\n");
        await peer.TakeHelloAsync("LHLO client.example", extensions);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Each_recipient_has_an_answer_of_its_own(bool pipelines)
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await GreetAsync(peer, pipelines ? ["PIPELINING"] : []);
            await peer.TakeMailAsync("250 2.0.0 one\r\n452-4.2.2 two\r\n452 4.2.2 lines\r\n550 5.7.1 three\r\n", 3);
            await peer.TakeMailAsync("250 2.0.0 one\r\n250 2.0.0 two\r\n250 2.0.0 three\r\n", 3);
        });
        using var connection = await ClientFixture.ConnectAsync(server, Lmtp);
        Assert.Equal(
            [(SmtpClientPhase.EndOfData, 250), (SmtpClientPhase.EndOfData, 452), (SmtpClientPhase.EndOfData, 550)], Codes(await SendAsync(connection)));
        Assert.True(connection.IsUsable);
        Assert.All((await SendAsync(connection)).Recipients, recipient => Assert.True(recipient.IsTaken));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_recipient_that_was_refused_before_has_no_answer_behind_the_dot(bool pipelines)
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await GreetAsync(peer, pipelines ? ["PIPELINING"] : []);
            await peer.AnswerAsync("MAIL", "250 ok\r\n");
            await peer.AnswerAsync("RCPT", "250 ok\r\n");
            await peer.AnswerAsync("RCPT", "550 5.1.1 no such mailbox\r\n");
            await peer.AnswerAsync("RCPT", "250 ok\r\n");
            await peer.AnswerAsync("DATA", "354 go on\r\n");
            await peer.ReadDataAsync();
            await peer.SendAsync("250 2.0.0 one\r\n451 4.3.0 three\r\n");
        });
        using var connection = await ClientFixture.ConnectAsync(server, Lmtp);
        Assert.Equal([(SmtpClientPhase.EndOfData, 250), (SmtpClientPhase.Rcpt, 550), (SmtpClientPhase.EndOfData, 451)], Codes(await SendAsync(connection)));
    }

    [Fact]
    public async Task Without_a_recipient_nothing_is_sent()
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await GreetAsync(peer);
            await peer.AnswerAsync("MAIL", "250 ok\r\n");
            foreach (var _ in Three) await peer.AnswerAsync("RCPT", "550 5.1.1 no\r\n");
            await peer.AnswerAsync("RSET", "250 ok\r\n");
            await peer.ExpectCloseAsync();
        });
        using var connection = await ClientFixture.ConnectAsync(server, Lmtp);
        Assert.All(Codes(await SendAsync(connection)), code => Assert.Equal((SmtpClientPhase.Rcpt, 550), code));
        Assert.True(connection.IsUsable);
    }

    [Fact]
    public async Task A_server_that_wants_a_message_for_nobody_gets_an_empty_one_and_is_left()
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await GreetAsync(peer, "PIPELINING");
            await peer.AnswerAsync("MAIL", "250 ok\r\n");
            foreach (var _ in Three) await peer.AnswerAsync("RCPT", "550 5.1.1 no\r\n");
            await peer.AnswerAsync("DATA", "354 go on\r\n");
            Assert.Equal(".\r\n", await peer.ReadDataAsync());
            await peer.ExpectCloseAsync();
        });
        using var connection = await ClientFixture.ConnectAsync(server, Lmtp);
        Assert.All(Codes(await SendAsync(connection)), code => Assert.Equal((SmtpClientPhase.Rcpt, 550), code));
        Assert.False(connection.IsUsable);
    }

    /// <summary>Else a mailbox that has the mail would get it again.</summary>
    [Fact]
    public async Task What_was_answered_before_the_connection_broke_holds()
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await GreetAsync(peer);
            await peer.TakeMailAsync("250 2.0.0 one\r\n550 5.7.1 two\r\n", 3);
        });
        using var connection = await ClientFixture.ConnectAsync(server, Lmtp);
        Assert.Equal(
            [(SmtpClientPhase.EndOfData, 250), (SmtpClientPhase.EndOfData, 550), (SmtpClientPhase.EndOfData, 451)], Codes(await SendAsync(connection)));
        Assert.False(connection.IsUsable);
    }

    [Fact]
    public async Task A_server_that_closes_amid_the_answers_answers_for_the_rest()
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await GreetAsync(peer);
            await peer.TakeMailAsync("250 2.0.0 one\r\n421 4.3.2 closing\r\n", 3);
            await peer.ExpectCloseAsync();
        });
        using var connection = await ClientFixture.ConnectAsync(server, Lmtp);
        Assert.Equal(
            [(SmtpClientPhase.EndOfData, 250), (SmtpClientPhase.EndOfData, 421), (SmtpClientPhase.EndOfData, 421)], Codes(await SendAsync(connection)));
        Assert.False(connection.IsUsable);
    }

    [Fact]
    public async Task Without_any_answer_nobody_knows_who_has_the_mail()
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await GreetAsync(peer);
            await peer.TakeEnvelopeAsync(3);
            await peer.ReadDataAsync();
        });
        using var connection = await ClientFixture.ConnectAsync(server, Lmtp);
        var e = await Assert.ThrowsAsync<SmtpConversationException>(() => SendAsync(connection));
        Assert.Equal((SmtpClientPhase.EndOfData, SmtpBreak.Closed), (e.Phase, e.Reason));
    }

    [Fact]
    public async Task A_server_that_refuses_lhlo_gets_no_helo()
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.SendAsync("220 smtp.example\r\n");
            await peer.AnswerAsync("LHLO", "500 5.5.1 what?\r\n");
            await peer.ExpectCloseAsync();
        });
        var e = await Assert.ThrowsAsync<SmtpConnectException>(() => ClientFixture.ConnectAsync(server, Lmtp));
        Assert.Equal((SmtpClientPhase.Helo, 500), (e.Phase, e.Reply?.Code));
    }

    [Fact]
    public async Task Lhlo_is_said_again_under_tls()
    {
        using var certificates = new ScriptedCertificates();
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await GreetAsync(peer, "STARTTLS");
            await peer.AnswerAsync("STARTTLS", "220 go ahead\r\n");
            await peer.SecureAsync(certificates.Make("127.0.0.1"));
            await peer.TakeHelloAsync("LHLO client.example", "SIZE");
            await peer.TakeMailAsync("250 one\r\n250 two\r\n250 three\r\n", 3);
        });
        using var connection = await ClientFixture.ConnectAsync(server, Lmtp with { Tls = new SmtpTls(TlsLevel.Verify, certificates.Pem) });
        Assert.All((await SendAsync(connection)).Recipients, recipient => Assert.True(recipient.IsTaken));
    }
}
