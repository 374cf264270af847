using System.Collections.Concurrent;
using Vsmtp.Smtp.Client;
using Vsmtp.Smtp.Tests.Support;

namespace Vsmtp.Smtp.Tests.Client;

public sealed class SmtpConnectionPoolTests
{
    private static SmtpConnectionPool Pool(ScriptedSmtpServer server, SmtpClientOptions? options = null) =>
        new(server.Destination, options ?? ClientFixture.Options, TimeProvider.System);

    private static Task<SmtpSendResult> SendAsync(SmtpConnectionPool pool) =>
        pool.SendAsync(ClientFixture.Mail(), TestContext.Current.CancellationToken);

    [Fact]
    public async Task Mails_go_one_after_the_other_over_one_connection()
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync();
            for (var i = 0; i < 3; i++) await peer.TakeMailAsync($"250 taken {i}\r\n");
            await peer.AnswerAsync("QUIT", "221 bye\r\n");
        });
        await using var pool = Pool(server);
        for (var i = 0; i < 3; i++) Assert.Equal($"250 taken {i}", (await SendAsync(pool)).Recipients[0].Reply.ToString());
        Assert.Equal((1, 1), (pool.IdleCount, server.Accepted));
    }

    [Fact]
    public async Task A_refused_mail_leaves_the_connection_clean_for_the_next()
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync();
            await peer.AnswerAsync("MAIL", "250 ok\r\n");
            await peer.AnswerAsync("RCPT", "550 no\r\n");
            await peer.AnswerAsync("RSET", "250-two\r\n250 lines\r\n");
            await peer.TakeMailAsync("554 5.6.0 not this\r\n");
            // After the reply to the dot there is nothing to reset (RFC 5321 §4.1.1.4).
            await peer.TakeMailAsync();
            await peer.AnswerAsync("QUIT", "221 bye\r\n");
        });
        await using var pool = Pool(server);
        Assert.Equal(550, (await SendAsync(pool)).Recipients[0].Reply.Code);
        Assert.Equal(554, (await SendAsync(pool)).Recipients[0].Reply.Code);
        Assert.Equal(250, (await SendAsync(pool)).Recipients[0].Reply.Code);
        Assert.Equal(1, server.Accepted);
    }

    [Fact]
    public async Task A_kept_connection_that_was_closed_meanwhile_is_not_used()
    {
        var closed = new TaskCompletionSource();
        await using var server = new ScriptedSmtpServer(
            async peer =>
            {
                await peer.GreetAsync();
                await peer.TakeMailAsync();
                await peer.SendAsync("421 4.4.2 you say nothing\r\n");
                peer.Dispose();
                closed.SetResult();
            },
            async peer =>
            {
                await peer.GreetAsync();
                await peer.TakeMailAsync();
                await peer.AnswerAsync("QUIT", "221 bye\r\n");
            });
        await using var pool = Pool(server);
        await SendAsync(pool);
        await closed.Task;
        Assert.True((await SendAsync(pool)).Recipients[0].IsTaken);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("421 4.4.2 too late\r\n")]
    public async Task A_kept_connection_that_dies_at_MAIL_is_replaced_once(string? lastWords)
    {
        await using var server = new ScriptedSmtpServer(
            async peer =>
            {
                await peer.GreetAsync();
                await peer.TakeMailAsync();
                await peer.ExpectAsync("MAIL");
                if (lastWords is not null) await peer.SendAsync(lastWords);
            },
            async peer =>
            {
                await peer.GreetAsync();
                Assert.Equal(ClientFixture.Message + ".\r\n", await peer.TakeMailAsync());
                await peer.AnswerAsync("QUIT", "221 bye\r\n");
            });
        await using var pool = Pool(server);
        await SendAsync(pool);
        Assert.True((await SendAsync(pool)).Recipients[0].IsTaken);
        Assert.Equal(2, server.Accepted);
    }

    [Fact]
    public async Task A_kept_connection_that_dies_after_MAIL_was_answered_is_a_broken_conversation()
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync();
            await peer.TakeMailAsync();
            await peer.AnswerAsync("MAIL", "250 ok\r\n");
            await peer.ExpectAsync("RCPT");
        });
        await using var pool = Pool(server);
        await SendAsync(pool);
        var e = await Assert.ThrowsAsync<SmtpConversationException>(() => SendAsync(pool));
        Assert.Equal(SmtpClientPhase.Rcpt, e.Phase);
        Assert.Equal((0, 1), (pool.IdleCount, server.Accepted));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("421 4.3.2 closing\r\n")]
    public async Task A_new_connection_that_dies_at_MAIL_is_not_replaced(string? lastWords)
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync();
            await peer.ExpectAsync("MAIL");
            if (lastWords is not null) await peer.SendAsync(lastWords);
        });
        await using var pool = Pool(server);
        if (lastWords is null) await Assert.ThrowsAsync<SmtpConversationException>(() => SendAsync(pool));
        else Assert.Equal(421, (await SendAsync(pool)).Recipients[0].Reply.Code);
        Assert.Equal((0, 1), (pool.IdleCount, server.Accepted));
    }

    [Fact]
    public async Task So_many_connects_at_once_and_no_more()
    {
        var log = new ConcurrentQueue<string>();
        await using var server = new ScriptedSmtpServer(repeatsLast: true, async peer =>
        {
            log.Enqueue("connect");
            await peer.SendAsync("220 hello\r\n");
            await peer.ExpectAsync("EHLO");
            log.Enqueue("greeted");
            await peer.SendAsync("250 ok\r\n");
            await peer.TakeMailAsync();
            await peer.AnswerAsync("QUIT", "221 bye\r\n");
        });
        await using (var pool = Pool(server, ClientFixture.Options with { MaxConnects = 1 }))
        {
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => SendAsync(pool)));
        }

        // With one connect at a time, no connection begins before the one before it was greeted.
        Assert.Equal(Enumerable.Repeat(new[] { "connect", "greeted" }, log.Count / 2).SelectMany(pair => pair), log);
    }

    [Fact]
    public async Task No_more_connections_are_kept_than_allowed()
    {
        using var together = new Barrier(3);
        await using var server = new ScriptedSmtpServer(repeatsLast: true, async peer =>
        {
            await peer.GreetAsync();
            await peer.TakeEnvelopeAsync();
            await peer.ReadDataAsync();
            await Task.Run(() => together.SignalAndWait(ScriptedSmtpServer.Patience));
            await peer.SendAsync("250 ok\r\n");
            await peer.AnswerAsync("QUIT", "221 bye\r\n");
        });
        await using var pool = Pool(server, ClientFixture.Options with { MaxIdle = 1 });
        await Task.WhenAll(SendAsync(pool), SendAsync(pool), SendAsync(pool));
        Assert.Equal((1, 3), (pool.IdleCount, server.Accepted));
    }

    [Fact]
    public async Task A_connection_that_was_idle_for_long_is_ended_with_QUIT()
    {
        var ended = new TaskCompletionSource();
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync();
            await peer.TakeMailAsync();
            await peer.AnswerAsync("QUIT", "221 bye\r\n");
            ended.SetResult();
        });
        await using var pool = Pool(server, ClientFixture.Options with { IdleTime = TimeSpan.FromMilliseconds(50) });
        await SendAsync(pool);
        await ended.Task.WaitAsync(ScriptedSmtpServer.Patience, TestContext.Current.CancellationToken);
        Assert.Equal(0, pool.IdleCount);
    }

    [Fact]
    public async Task A_connection_that_is_never_idle_ends_at_its_age_and_the_destination_is_dialled_again()
    {
        var time = new ManualTime();
        var mails = new ConcurrentQueue<int>();
        var connections = 0;
        await using var server = new ScriptedSmtpServer(repeatsLast: true, async peer =>
        {
            var connection = Interlocked.Increment(ref connections);
            await peer.GreetAsync();
            while (await peer.ReadLineAsync() is { } line && line != "QUIT")
            {
                mails.Enqueue(connection);
                await peer.SendAsync("250 ok\r\n");
                await peer.AnswerAsync("RCPT", "250 ok\r\n");
                await peer.AnswerAsync("DATA", "354 go\r\n");
                await peer.ReadDataAsync();
                await peer.SendAsync("250 ok\r\n");
            }

            await peer.SendAsync("221 bye\r\n");
        });
        await using (var pool = new SmtpConnectionPool(server.Destination, ClientFixture.Options with { MaxAge = TimeSpan.FromSeconds(60) }, time))
        {
            for (var i = 0; i < 12; i++)
            {
                await SendAsync(pool);
                time.Advance(TimeSpan.FromSeconds(10));        // less than the time after which an idle one ends
            }
        }

        Assert.Equal([1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2], mails);
    }

    [Fact]
    public async Task A_connect_that_fails_makes_room_for_the_next()
    {
        await using var server = new ScriptedSmtpServer(
            peer => peer.SendAsync("554 no\r\n"),
            async peer =>
            {
                await peer.GreetAsync();
                await peer.TakeMailAsync();
                await peer.AnswerAsync("QUIT", "221 bye\r\n");
            });
        await using var pool = Pool(server, ClientFixture.Options with { MaxConnects = 1 });
        await Assert.ThrowsAsync<SmtpConnectException>(() => SendAsync(pool));
        Assert.True((await SendAsync(pool)).Recipients[0].IsTaken);
    }

    [Fact]
    public async Task Quick_acknowledgement_changes_nothing_that_is_sent()
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync();
            Assert.Equal(ClientFixture.Message + ".\r\n", await peer.TakeMailAsync());
            await peer.AnswerAsync("QUIT", "221 bye\r\n");
        });
        await using var pool = Pool(server, ClientFixture.Options with { AcknowledgesQuickly = true });
        Assert.True((await SendAsync(pool)).Recipients[0].IsTaken);
    }
}
