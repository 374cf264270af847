using Vsmtp.Smtp.Client;

namespace Vsmtp.Smtp.Tests.Client;

/// <summary>Conversations that break, at each phase in each way.</summary>
public sealed class SmtpBreakTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(100);

    public static TheoryData<SmtpClientPhase> Phases =>
        [SmtpClientPhase.Mail, SmtpClientPhase.Rcpt, SmtpClientPhase.Data, SmtpClientPhase.EndOfData];

    [Theory]
    [MemberData(nameof(Phases))]
    public async Task A_server_that_closes_breaks_the_conversation(SmtpClientPhase phase)
    {
        await using var server = new ScriptedSmtpServer(peer => PlayUntilAsync(peer, phase));
        await AssertBreaksAsync(server, phase, SmtpBreak.Closed);
    }

    [Theory]
    [MemberData(nameof(Phases))]
    public async Task A_server_that_resets_breaks_the_conversation(SmtpClientPhase phase)
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await PlayUntilAsync(peer, phase);
            peer.Reset();
        });
        await AssertBreaksAsync(server, phase, SmtpBreak.Closed);
    }

    [Theory]
    [MemberData(nameof(Phases))]
    public async Task A_server_that_says_nothing_breaks_the_conversation(SmtpClientPhase phase)
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await PlayUntilAsync(peer, phase);
            await peer.ExpectCloseAsync();
        });
        var timeouts = phase switch
        {
            SmtpClientPhase.Data => new SmtpClientTimeouts { DataStart = Short },
            SmtpClientPhase.EndOfData => new SmtpClientTimeouts { DataEnd = Short },
            _ => new SmtpClientTimeouts { Command = Short },
        };
        await AssertBreaksAsync(server, phase, SmtpBreak.TimedOut, timeouts);
    }

    [Theory]
    [MemberData(nameof(Phases))]
    public async Task A_server_that_talks_nonsense_breaks_the_conversation(SmtpClientPhase phase)
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await PlayUntilAsync(peer, phase);
            await peer.SendAsync("what\r\n");
            await peer.ExpectCloseAsync();
        });
        await AssertBreaksAsync(server, phase, SmtpBreak.Protocol);
    }

    [Theory]
    [InlineData(SmtpClientPhase.Mail, "354 go\r\n")]
    [InlineData(SmtpClientPhase.Rcpt, "354 go\r\n")]
    [InlineData(SmtpClientPhase.Data, "250 ok\r\n")]
    [InlineData(SmtpClientPhase.EndOfData, "354 go\r\n")]
    public async Task A_reply_that_cannot_stand_there_breaks_the_conversation(SmtpClientPhase phase, string reply)
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await PlayUntilAsync(peer, phase);
            await peer.SendAsync(reply);
            await peer.ExpectCloseAsync();
        });
        await AssertBreaksAsync(server, phase, SmtpBreak.Protocol);
    }

    [Fact]
    public async Task A_server_that_takes_no_more_octets_breaks_the_conversation()
    {
        using var done = new SemaphoreSlim(0);
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await PlayUntilAsync(peer, SmtpClientPhase.Content);
            await done.WaitAsync();
        });
        using var connection = await ClientFixture.ConnectAsync(
            server, ClientFixture.Options with { Timeouts = new SmtpClientTimeouts { DataChunk = Short } });
        var mail = ClientFixture.Mail() with { Content = new EndlessStream(long.MaxValue) };

        var e = await Assert.ThrowsAsync<SmtpConversationException>(() => connection.SendAsync(mail, TestContext.Current.CancellationToken));
        Assert.Equal((SmtpClientPhase.Content, SmtpBreak.TimedOut), (e.Phase, e.Reason));
        done.Release();
    }

    [Fact]
    public async Task A_refusal_amid_the_message_is_the_result_though_the_server_closes()
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await PlayUntilAsync(peer, SmtpClientPhase.Content);
            await peer.DrainAsync(100_000);
            await peer.SendAsync("552 5.3.4 too much\r\n");
        });
        using var connection = await ClientFixture.ConnectAsync(server);
        var mail = ClientFixture.Mail() with { Content = new EndlessStream(long.MaxValue) };

        var result = await connection.SendAsync(mail, TestContext.Current.CancellationToken);
        Assert.Equal("552 5.3.4 too much", result.Recipients[0].Reply.ToString());
        Assert.False(result.Recipients[0].IsTaken);
        Assert.False(connection.IsUsable);
    }

    [Fact]
    public async Task A_success_said_amid_the_message_is_not_believed()
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await PlayUntilAsync(peer, SmtpClientPhase.Content);
            await peer.DrainAsync(100_000);
            await peer.SendAsync("250 2.0.0 enough\r\n");
        });
        using var connection = await ClientFixture.ConnectAsync(server);
        var mail = ClientFixture.Mail() with { Content = new EndlessStream(long.MaxValue) };
        var e = await Assert.ThrowsAsync<SmtpConversationException>(() => connection.SendAsync(mail, TestContext.Current.CancellationToken));
        Assert.Equal(SmtpBreak.Closed, e.Reason);
    }

    [Fact]
    public async Task A_content_that_cannot_be_read_is_never_ended_with_a_dot()
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await PlayUntilAsync(peer, SmtpClientPhase.Content);
            var e = await Assert.ThrowsAsync<InvalidOperationException>(peer.ReadDataAsync);
            Assert.Contains("amid the data", e.Message, StringComparison.Ordinal);
        });
        using var connection = await ClientFixture.ConnectAsync(server);
        var mail = ClientFixture.Mail() with { Content = new EndlessStream(100_000, failsAtEnd: true) };
        await Assert.ThrowsAsync<InvalidDataException>(() => connection.SendAsync(mail, TestContext.Current.CancellationToken));
        Assert.False(connection.IsUsable);
    }

    [Fact]
    public async Task A_slow_server_holds_back_the_reading_of_the_message()
    {
        const long Total = 96 * 1024 * 1024;
        var content = new EndlessStream(Total);
        using var stalled = new SemaphoreSlim(0);
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await PlayUntilAsync(peer, SmtpClientPhase.Content);
            await stalled.WaitAsync();
            await peer.DrainAsync(Total + 3);
            await peer.SendAsync("250 ok\r\n");
        });
        using var connection = await ClientFixture.ConnectAsync(server);
        var sending = connection.SendAsync(ClientFixture.Mail() with { Content = content }, TestContext.Current.CancellationToken);

        // What the kernel buffers is a few MiB; the rest must still be unread.
        await content.PausedAsync(TimeSpan.FromMilliseconds(200));
        Assert.InRange(content.Position, 1, Total / 2);
        stalled.Release();
        Assert.True((await sending).Recipients[0].IsTaken);
        Assert.Equal(Total, content.Position);
    }

    [Fact]
    public async Task A_caller_that_gives_up_amid_the_message_closes_without_a_dot()
    {
        using var givingUp = new CancellationTokenSource();
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await PlayUntilAsync(peer, SmtpClientPhase.Content);
            await peer.DrainAsync(1000);
            await givingUp.CancelAsync();
            await peer.DrainAsync(long.MaxValue);
        });
        using var connection = await ClientFixture.ConnectAsync(server);
        var mail = ClientFixture.Mail() with { Content = new EndlessStream(long.MaxValue) };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connection.SendAsync(mail, givingUp.Token));
        Assert.False(connection.IsUsable);
    }

    [Fact]
    public async Task Whatever_a_server_says_ends_in_a_result_or_a_named_break()
    {
        string[] pieces = ["250 ok\r\n", "250-", "354 go\r\n", "550 5.1.1 no\r\n", "421 bye\r\n", "\r\n", "\n", "25", " x", "\0", "é", "999 x\r\n", "2500 x\r\n"];
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            await using var server = new ScriptedSmtpServer(async peer =>
            {
                await peer.GreetAsync(random.Next(2) == 0 ? "PIPELINING" : "SIZE");
                await peer.SendAsync(string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => pieces[random.Next(pieces.Length)])));
                peer.CloseSending();
                await peer.DrainAsync(long.MaxValue);
            });
            using var connection = await ClientFixture.ConnectAsync(server);
            try
            {
                var result = await connection.SendAsync(
                    ClientFixture.Mail(ClientFixture.Message, "b@mx.example", "c@mx.example"), TestContext.Current.CancellationToken);
                Assert.Equal(2, result.Recipients.Length);
            }
            catch (SmtpConversationException e)
            {
                Assert.NotEqual(SmtpBreak.TimedOut, e.Reason);
            }
        }
    }

    /// <summary>Plays a good server up to the point where it would answer in that phase.</summary>
    private static async Task PlayUntilAsync(ScriptedPeer peer, SmtpClientPhase phase)
    {
        await peer.GreetAsync();
        await peer.ExpectAsync("MAIL");
        if (phase == SmtpClientPhase.Mail) return;
        await peer.SendAsync("250 ok\r\n");
        await peer.ExpectAsync("RCPT");
        if (phase == SmtpClientPhase.Rcpt) return;
        await peer.SendAsync("250 ok\r\n");
        await peer.ExpectAsync("DATA");
        if (phase == SmtpClientPhase.Data) return;
        await peer.SendAsync("354 go\r\n");
        if (phase == SmtpClientPhase.EndOfData) await peer.ReadDataAsync();
    }

    private static async Task AssertBreaksAsync(
        ScriptedSmtpServer server, SmtpClientPhase phase, SmtpBreak reason, SmtpClientTimeouts? timeouts = null)
    {
        using var connection = await ClientFixture.ConnectAsync(
            server, ClientFixture.Options with { Timeouts = timeouts ?? new SmtpClientTimeouts() });
        var e = await Assert.ThrowsAsync<SmtpConversationException>(
            () => connection.SendAsync(ClientFixture.Mail(), TestContext.Current.CancellationToken));
        Assert.Equal((phase, reason), (e.Phase, e.Reason));
        Assert.False(connection.IsUsable);
    }
}
