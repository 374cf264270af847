using System.Text;
using Vsmtp.Smtp.Replies;
using Vsmtp.Smtp.Server;
using Vsmtp.Smtp.Tests.Support;
using Vsmtp.Smtp.Wire;

namespace Vsmtp.Smtp.Tests.Server;

public sealed class LimitTests
{
    private const string Envelope = "EHLO a\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n";

    private readonly RecordingPolicy _policy = new();

    [Theory]
    [InlineData("", 30, 250)]
    [InlineData("", 31, 552)]
    [InlineData(".", 30, 250)]
    public async Task A_message_of_the_limit_is_taken_and_one_octet_more_is_not(string stuffing, int octets, int code)
    {
        var body = $"{stuffing}{new string(stuffing.Length > 0 ? '.' : 'x', octets - 4)}\r\n\r\n";
        foreach (var arrival in Enum.GetValues<Arrival>())
        {
            var policy = new RecordingPolicy();
            var (codes, _) = await Script.RunRawAsync(
                arrival, policy, Encoding.ASCII.GetBytes($"{Envelope}{body}.\r\nNOOP\r\n"),
                SessionHarness.Options with { MaxMessageBytes = 30 });
            Assert.Equal([220, 250, 250, 250, 354, code, 250], codes);
            Assert.Equal(code == 250 ? [] : [MessageAbort.TooBig], Assert.Single(policy.Sinks).Aborts);
        }
    }

    [Fact]
    public async Task A_header_section_beyond_its_limit_is_refused_and_a_long_body_is_not()
    {
        var options = SessionHarness.Options with { MaxHeaderBytes = 100 };
        var (codes, _) = await Script.RunRawAsync(
            Arrival.ByLine, _policy, Encoding.ASCII.GetBytes($"{Envelope}A: {new string('x', 100)}\r\n\r\nbody\r\n.\r\nNOOP\r\n"), options);
        Assert.Equal([220, 250, 250, 250, 354, 552, 250], codes);
        Assert.Equal([MessageAbort.HeaderTooBig], _policy.Sinks[0].Aborts);

        (codes, _) = await Script.RunRawAsync(
            Arrival.ByLine, _policy, Encoding.ASCII.GetBytes($"{Envelope}A: b\r\n\r\n{new string('x', 1000)}\r\n.\r\n"), options);
        Assert.Equal([220, 250, 250, 250, 354, 250], codes);
    }

    [Fact]
    public async Task A_body_line_beyond_its_limit_is_refused_after_the_dot()
    {
        var (codes, _) = await Script.RunRawAsync(
            Arrival.Whole, _policy, Encoding.ASCII.GetBytes($"{Envelope}\r\n{new string('x', 65_537)}\r\n.\r\nNOOP\r\n"));
        Assert.Equal([220, 250, 250, 250, 354, 550, 250], codes);
        Assert.Equal([MessageAbort.LineTooLong], Assert.Single(_policy.Sinks).Aborts);
    }

    [Fact]
    public async Task Long_lines_and_all_octets_but_nul_pass_unchanged()
    {
        var octets = Enumerable.Range(1, 255).Where(octet => octet is not ('\r' or '\n')).Select(octet => (byte)octet).ToArray();
        byte[] content = [.. "\r\n"u8, .. octets, .. "\r\n"u8, .. Enumerable.Repeat((byte)'y', 65_536), .. "\r\n"u8];
        await Script.RunRawAsync(Arrival.Whole, _policy, [.. Encoding.ASCII.GetBytes(Envelope), .. content, .. ".\r\n"u8]);
        Assert.Equal(content, Assert.Single(_policy.Messages).Bytes);
    }

    [Fact]
    public async Task Replies_that_a_client_does_not_take_hold_up_its_commands()
    {
        const int Commands = 20_000;
        await using var harness = new SessionHarness(_policy, clientWindow: 64 * 1024);
        await harness.SendAsync(string.Concat(Enumerable.Repeat("EHLO a\r\n", Commands)));
        Assert.InRange(_policy.Calls.Count, 100, 2000);

        var replies = 0;
        while (_policy.Calls.Count < Commands) replies += CountReplies(harness.Take());
        replies += CountReplies(harness.Take());
        Assert.Equal(1 + Commands, replies);

        static int CountReplies(string said) => said.Split("\r\n").Count(line => line.Length > 3 && line[3] == ' ');
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("HELO a\r\n", 2)]
    [InlineData("HELO a\r\nMAIL FROM:<a@b>\r\n", 3)]
    [InlineData("HELO a\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\n", 4)]
    [InlineData("HELO a\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\nhalf", 5)]
    public async Task A_silent_client_is_told_421_after_the_time_of_its_phase(string said, int minutes)
    {
        await using var harness = new SessionHarness(_policy, SessionHarness.Options with
        {
            Timeouts = new SmtpTimeouts
            {
                Connect = TimeSpan.FromMinutes(1), Helo = TimeSpan.FromMinutes(2), MailFrom = TimeSpan.FromMinutes(3),
                RcptTo = TimeSpan.FromMinutes(4), Data = TimeSpan.FromMinutes(5),
            },
        });
        await harness.SendAsync(said);
        harness.Take();
        harness.Time.Advance(TimeSpan.FromMinutes(minutes) - TimeSpan.FromSeconds(1));
        Assert.False(harness.Session.IsCompleted);
        harness.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(SessionEnd.TimedOut, await harness.EndAsync());
        Assert.Equal("421 4.4.2 Timeout, closing transmission channel\r\n", harness.Take());
        if (minutes == 5) Assert.Equal([MessageAbort.TimedOut], Assert.Single(_policy.Sinks).Aborts);
        if (minutes is 3 or 4) Assert.Equal("reset TimedOut", _policy.Calls[^2]);
    }

    [Fact]
    public async Task Octets_that_make_no_line_do_not_win_time()
    {
        await using var harness = new SessionHarness(_policy);
        for (var minute = 0; minute < 5; minute++)
        {
            Assert.False(harness.Session.IsCompleted);
            await harness.SendAsync("N");
            harness.Time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(SessionEnd.TimedOut, await harness.EndAsync());
    }

    [Fact]
    public async Task A_message_that_trickles_in_ends_after_the_time_for_the_whole()
    {
        await using var harness = new SessionHarness(_policy);
        await harness.SendAsync(Envelope);
        for (var minute = 0; minute < 60; minute += 4)
        {
            Assert.False(harness.Session.IsCompleted);
            await harness.SendAsync("x");
            harness.Time.Advance(TimeSpan.FromMinutes(4));
        }

        Assert.Equal(SessionEnd.TimedOut, await harness.EndAsync());
        Assert.Equal([MessageAbort.TimedOut], Assert.Single(_policy.Sinks).Aborts);
    }

    [Fact]
    public async Task Errors_beyond_the_soft_limit_cost_time()
    {
        var delay = TimeSpan.FromSeconds(5);
        await using var harness = new SessionHarness(
            _policy, SessionHarness.Options with { SoftErrorCount = 5, HardErrorCount = 10, ErrorDelay = delay });
        await harness.SendAsync(string.Concat(Enumerable.Repeat("foo\r\n", 10)));
        var waits = 0;
        while (!harness.Session.IsCompleted && waits < 20)
        {
            Assert.True(harness.Time.HasTimerWithin(delay));
            harness.Time.Advance(delay);
            waits++;
        }

        Assert.Equal(SessionEnd.TooManyErrors, await harness.EndAsync());
        Assert.Equal(5, waits);
        Assert.EndsWith(
            "451-4.7.0 Syntax error, command unrecognized\r\n451 4.7.0 Too many errors from the client\r\n",
            harness.Take(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_stops_says_421_to_a_waiting_client()
    {
        await using var harness = new SessionHarness(_policy);
        await harness.SendAsync("HELO a\r\nMAIL FROM:<a@b>\r\n");
        harness.Take();
        harness.Shutdown();
        Assert.Equal(SessionEnd.Shutdown, await harness.EndAsync());
        Assert.Equal("421 4.3.2 Service shutting down, closing transmission channel\r\n", harness.Take());
        Assert.Equal("reset Closed", _policy.Calls[^2]);
    }

    [Fact]
    public async Task A_server_that_stops_takes_the_message_that_is_coming_in()
    {
        await using var harness = new SessionHarness(_policy);
        await harness.SendAsync(Envelope + "half a");
        harness.Shutdown();
        harness.Take();
        await harness.SendAsync(" message\r\n.\r\nMAIL FROM:<a@b>\r\n");
        Assert.Equal(SessionEnd.Shutdown, await harness.EndAsync());
        Assert.Equal("250 2.0.0 Ok\r\n421 4.3.2 Service shutting down, closing transmission channel\r\n", harness.Take());
        Assert.Equal("half a message\r\n", Assert.Single(_policy.Messages).Text);
    }

    [Fact]
    public async Task Bytes_that_come_with_a_late_wake_up_are_looked_at()
    {
        var stored = new TaskCompletionSource();
        await using var harness = new SessionHarness(_policy);
        _policy.Write = () => new ValueTask(stored.Task);
        await harness.SendAsync(Envelope + "half a");
        harness.Shutdown();
        await harness.SendAsync(" message\r\n.\r\n");
        stored.SetResult();
        Assert.Equal(SessionEnd.Shutdown, await harness.EndAsync());
        Assert.Equal("half a message\r\n", Assert.Single(_policy.Messages).Text);
    }

    [Theory]
    [InlineData("HELO a\r\nMAIL FROM:<a@b>\r\n", "reset ConnectionLost")]
    [InlineData(Envelope + "half", "data")]
    public async Task A_connection_that_breaks_is_told_to_the_policy(string said, string lastCall)
    {
        Action<SessionHarness>[] ways = [harness => harness.HangUp(), harness => harness.BreakConnection(), harness => harness.Abort()];
        foreach (var breaks in ways)
        {
            var policy = new RecordingPolicy();
            await using var harness = new SessionHarness(policy);
            await harness.SendAsync(said);
            breaks(harness);
            Assert.Equal(SessionEnd.ConnectionLost, await harness.EndAsync());
            Assert.Equal([lastCall, "disconnected ConnectionLost"], policy.Calls[^2..]);
            Assert.All(policy.Sinks, sink => Assert.Equal([MessageAbort.ConnectionLost], sink.Aborts));
        }
    }

    [Fact]
    public async Task Nothing_is_read_or_said_between_the_dot_and_its_reply()
    {
        var stored = new TaskCompletionSource();
        await using var harness = new SessionHarness(_policy);
        _policy.Write = () => new ValueTask(stored.Task);
        await harness.SendAsync($"{Envelope}x\r\n.\r\nNOOP\r\nQUIT\r\n");
        Assert.EndsWith("354 Start mail input; end with <CRLF>.<CRLF>\r\n", harness.Take(), StringComparison.Ordinal);
        harness.Time.Advance(TimeSpan.FromHours(2));
        Assert.Equal("", harness.Take());
        stored.SetResult();
        Assert.Equal(SessionEnd.Quit, await harness.EndAsync());
        Assert.Equal("250 2.0.0 Ok\r\n250 2.0.0 Ok\r\n221 2.0.0 Service closing transmission channel\r\n", harness.Take());
    }

    [Fact]
    public async Task Pacing_is_asked_before_each_read_and_knows_of_data()
    {
        var pacing = new RecordingPacing();
        await using var harness = new SessionHarness(_policy, pacing: pacing);
        await harness.SendAsync("EHLO a\r\n");
        Assert.Equal([false, false], pacing.Reads);
        await harness.SendAsync(Envelope);
        Assert.Equal([false, false, true], pacing.Reads);
        await harness.SendAsync("x\r\n.\r\nQUIT\r\n");
        await harness.EndAsync();
        Assert.Equal([false, false, true], pacing.Reads);
    }

    [Fact]
    public async Task Replies_to_commands_that_came_together_go_out_together()
    {
        await using var harness = new SessionHarness(_policy);
        var isFlushed = "";
        _policy.Rcpt = _ =>
        {
            isFlushed += harness.Take();
            return SessionVerdict.Continue;
        };
        harness.Take();
        await harness.SendAsync("HELO a\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\n");
        Assert.Equal("", isFlushed);
        Assert.Equal("250 Ok\r\n250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n", harness.Take());
    }

    private sealed class RecordingPacing : IReadPacing
    {
        public List<bool> Reads { get; } = [];

        public ValueTask BeforeReadAsync(bool inData, CancellationToken cancellationToken)
        {
            Reads.Add(inData);
            return ValueTask.CompletedTask;
        }
    }
}
