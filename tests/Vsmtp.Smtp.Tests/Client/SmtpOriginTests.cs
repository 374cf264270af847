using System.Net;
using Vsmtp.Smtp.Client;
using Vsmtp.Smtp.Commands;

namespace Vsmtp.Smtp.Tests.Client;

/// <summary>XFORWARD of the client: where a mail came from is told to who wants to know it.</summary>
public sealed class SmtpOriginTests
{
    private const string Announced = "XFORWARD NAME ADDR PORT PROTO HELO IDENT SOURCE";
    private const string Told = "XFORWARD NAME=[UNAVAILABLE] ADDR=192.0.2.1 PORT=1234 PROTO=ESMTP HELO=client.example IDENT=m-1 SOURCE=REMOTE";

    private static SmtpTransaction Mail => ClientFixture.Mail() with
    {
        Origin = new XForwardAttributes
        {
            Address = IPAddress.Parse("192.0.2.1"), Port = 1234, Protocol = "ESMTP", Helo = "client.example", Identity = "m-1", IsLocal = false,
        },
    };

    private static Task<SmtpSendResult> SendAsync(SmtpClientConnection connection, SmtpTransaction? mail = null) =>
        connection.SendAsync(mail ?? Mail, TestContext.Current.CancellationToken);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_is_told_before_each_mail(bool pipelines)
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync(pipelines ? ["PIPELINING", Announced] : [Announced]);
            foreach (var _ in Enumerable.Range(0, 2))
            {
                Assert.Equal(Told, await peer.ExpectAsync("XFORWARD"));
                Assert.Equal(0, peer.PendingOctets);
                await peer.SendAsync("250 2.0.0 Ok\r\n");
                await peer.TakeMailAsync();
            }
        });
        using var connection = await ClientFixture.ConnectAsync(server);
        foreach (var _ in Enumerable.Range(0, 2))
        {
            var result = await SendAsync(connection);
            Assert.True(result.Recipients[0].IsTaken);
            Assert.Null(result.XForwardRefusal);
        }
    }

    [Fact]
    public async Task More_than_a_line_can_hold_goes_in_several()
    {
        var (helo, name) = (new string('h', 250), new string('n', 250));
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync("xforward helo name ident");
            await peer.AnswerAsync($"XFORWARD NAME={name}", "250 2.0.0 Ok\r\n");
            await peer.AnswerAsync($"XFORWARD HELO={helo} IDENT=m-1", "250 2.0.0 Ok\r\n");
            await peer.TakeMailAsync();
        });
        using var connection = await ClientFixture.ConnectAsync(server);
        var mail = Mail with { Origin = new XForwardAttributes { Name = name, Helo = helo, Identity = "m-1" } };
        Assert.True((await SendAsync(connection, mail)).Recipients[0].IsTaken);
    }

    [Theory]
    [InlineData("SIZE")]
    [InlineData("XFORWARD")]
    [InlineData("XFORWARD COLOUR")]
    public async Task Who_does_not_announce_it_is_not_told(string announced)
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync(announced);
            await peer.TakeMailAsync();
        });
        using var connection = await ClientFixture.ConnectAsync(server);
        Assert.True((await SendAsync(connection)).Recipients[0].IsTaken);
    }

    [Fact]
    public async Task A_mail_of_which_nothing_is_to_be_told_goes_without()
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync(Announced);
            await peer.TakeMailAsync();
        });
        using var connection = await ClientFixture.ConnectAsync(server);
        Assert.True((await SendAsync(connection, ClientFixture.Mail())).Recipients[0].IsTaken);
    }

    [Theory]
    [InlineData("500 5.5.1 what?", false)]
    [InlineData("501 5.5.4 Bad value", false)]
    [InlineData("503 5.5.1 Not now", false)]
    [InlineData("550 5.7.0 Insufficient authorization", false)]
    [InlineData("451 4.3.0 Not now", true)]
    public async Task A_refusal_costs_the_mail_nothing_and_one_for_good_is_heeded(string refusal, bool isAskedAgain)
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync(Announced);
            await peer.AnswerAsync("XFORWARD", $"{refusal}\r\n");
            await peer.TakeMailAsync();
            if (isAskedAgain) await peer.AnswerAsync("XFORWARD", $"{refusal}\r\n");
            await peer.TakeMailAsync();
        });
        using var connection = await ClientFixture.ConnectAsync(server);
        var first = await SendAsync(connection);
        Assert.True(first.Recipients[0].IsTaken);
        Assert.Equal(refusal, first.XForwardRefusal?.ToString());
        Assert.True((await SendAsync(connection)).Recipients[0].IsTaken);
    }

    [Fact]
    public async Task Behind_a_refusal_the_rest_is_not_told()
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync("XFORWARD NAME HELO");
            await peer.AnswerAsync("XFORWARD NAME=", "501 5.5.4 Bad name\r\n");
            await peer.TakeMailAsync();
        });
        using var connection = await ClientFixture.ConnectAsync(server);
        var mail = Mail with { Origin = new XForwardAttributes { Name = new string('n', 255), Helo = new string('h', 255) } };
        Assert.True((await SendAsync(connection, mail)).Recipients[0].IsTaken);
    }

    [Fact]
    public async Task A_server_that_closes_over_it_has_answered_for_all()
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync(Announced);
            await peer.AnswerAsync("XFORWARD", "421 4.3.2 closing\r\n");
            await peer.ExpectCloseAsync();
        });
        using var connection = await ClientFixture.ConnectAsync(server);
        var result = await SendAsync(connection);
        Assert.Equal((SmtpClientPhase.XForward, 421), (result.Recipients[0].Phase, result.Recipients[0].Reply.Code));
        Assert.False(connection.IsUsable);
    }

    [Theory]
    [InlineData("421 4.4.2 idle for too long\r\n")]
    [InlineData(null)]
    public async Task A_kept_connection_that_is_found_dead_at_it_is_replaced(string? farewell)
    {
        await using var server = new ScriptedSmtpServer(
            async peer =>
            {
                await peer.GreetAsync(Announced);
                await peer.AnswerAsync("XFORWARD", "250 Ok\r\n");
                await peer.TakeMailAsync();
                await peer.ExpectAsync("XFORWARD");
                if (farewell is not null) await peer.SendAsync(farewell);
            },
            async peer =>
            {
                await peer.GreetAsync(Announced);
                await peer.AnswerAsync("XFORWARD", "250 Ok\r\n");
                await peer.TakeMailAsync();
                await peer.AnswerAsync("QUIT", "221 bye\r\n");
            });
        await using var pool = new SmtpConnectionPool(server.Destination, ClientFixture.Options, TimeProvider.System);
        foreach (var _ in Enumerable.Range(0, 2))
        {
            Assert.True((await pool.SendAsync(Mail, TestContext.Current.CancellationToken)).Recipients[0].IsTaken);
        }
    }

    [Fact]
    public async Task A_reply_that_asks_for_more_breaks_the_conversation()
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync(Announced);
            await peer.AnswerAsync("XFORWARD", "334 more\r\n");
            await peer.ExpectCloseAsync();
        });
        using var connection = await ClientFixture.ConnectAsync(server);
        var e = await Assert.ThrowsAsync<SmtpConversationException>(() => SendAsync(connection));
        Assert.Equal((SmtpClientPhase.XForward, SmtpBreak.Protocol), (e.Phase, e.Reason));
    }
}
