using System.Text;
using Vsmtp.Smtp.Server;
using Vsmtp.Smtp.Server.Authentication;
using Vsmtp.Smtp.Tests.Support;

namespace Vsmtp.Smtp.Tests.Server.Authentication;

/// <summary>Exchanges that the client does not bring to their end: behind what it was told of a name it has failed, before that it has not.</summary>
public sealed class UnfinishedAuthTests
{
    private static readonly string Named = $"AUTH SCRAM-SHA-256 {Convert.ToBase64String("n,,n=user,r=abc"u8)}\r\n";
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(4);

    private readonly RecordingPolicy _policy = new()
    {
        NotAuthenticated = () => Pause,
        Authenticate = _ => new SaslAnswer.Verifier(ScramVerifier.MadeUpFor("user", new byte[32])),
    };

    private int Failures => _policy.Calls.Count(call => call == "not authenticated");

    public static TheoryData<string, string> Ways => new()
    {
        { "*", "501 5.7.0 Authentication canceled by client" },
        { "not*base64", "501 5.5.2" },
        { Named.TrimEnd(), "501 5.5.2" },
        { new string('A', 12287), "500 5.5.6" },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Left_off_behind_the_name_it_is_a_failure_that_is_waited_for_and_the_session_goes_on(string line, string reply)
    {
        await using var session = await BeginAsync(Named);
        Assert.StartsWith("334 ", session.Take(), StringComparison.Ordinal);
        await session.SendAsync(line + "\r\n");
        Assert.Equal(1, Failures);
        session.Time.Advance(Pause - TimeSpan.FromSeconds(0.1));
        Assert.Equal("", session.Take());
        session.Time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.StartsWith(reply, session.Take(), StringComparison.Ordinal);
        await session.SendAsync("NOOP\r\nQUIT\r\n");
        Assert.StartsWith("250", session.Take(), StringComparison.Ordinal);
        Assert.Equal(SessionEnd.Quit, await session.EndAsync());
        Assert.Equal(1, Failures);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Left_off_before_it_is_none(string line, string reply)
    {
        await using var session = await BeginAsync("AUTH SCRAM-SHA-256\r\n");
        Assert.Equal("334 \r\n", session.Take());
        await session.SendAsync(line + "\r\n");
        Assert.StartsWith(reply, session.Take(), StringComparison.Ordinal);
        session.HangUp();
        await session.EndAsync();
        Assert.Equal(0, Failures);
    }

    [Fact]
    public async Task A_name_alone_is_not_asked_about_by_LOGIN()
    {
        await using var session = await BeginAsync("AUTH LOGIN\r\ndGlt\r\n*\r\n");
        Assert.EndsWith("501 5.7.0 Authentication canceled by client\r\n", session.Take(), StringComparison.Ordinal);
        Assert.Equal(0, Failures);
    }

    [Fact]
    public async Task Every_cancel_counts()
    {
        _policy.NotAuthenticated = () => TimeSpan.Zero;
        await using var session = await BeginAsync(string.Concat(Enumerable.Repeat($"{Named}*\r\n", 5)));
        Assert.Equal(5, session.Take().Split("501 5.7.0").Length - 1);
        Assert.Equal(5, Failures);
        Assert.Equal(5, _policy.Calls.Count(call => call == "authenticate SCRAM-SHA-256 user"));
    }

    [Fact]
    public async Task Cancelling_once_too_often_is_waited_for_too()
    {
        await using var session = await BeginAsync(Named, Options() with { Auth = Options().Auth! with { MaxCancelled = 0 } });
        session.Take();
        await session.SendAsync("*\r\n");
        Assert.Equal("", session.Take());
        session.Time.Advance(Pause);
        Assert.Equal(SessionEnd.Refused, await session.EndAsync());
        Assert.StartsWith("530 5.7.0", session.Take(), StringComparison.Ordinal);
        Assert.Equal(1, Failures);
    }

    [Theory]
    [InlineData("hang up", SessionEnd.ConnectionLost, 1)]
    [InlineData("break", SessionEnd.ConnectionLost, 1)]
    [InlineData("abort", SessionEnd.ConnectionLost, 1)]
    [InlineData("fall silent", SessionEnd.TimedOut, 1)]
    [InlineData("bare LF", SessionEnd.BadLine, 1)]
    [InlineData("shutdown", SessionEnd.Shutdown, 0)]
    public async Task A_connection_that_ends_behind_the_name_has_failed_and_nobody_waits(string way, SessionEnd end, int failures)
    {
        await using var session = await BeginAsync(Named);
        await EndByAsync(session, way);
        Assert.Equal(end, await session.EndAsync());
        Assert.Equal(failures, Failures);
        Assert.Equal($"disconnected {end}", _policy.Calls[^1]);
    }

    [Theory]
    [InlineData("hang up")]
    [InlineData("break")]
    [InlineData("fall silent")]
    public async Task One_that_ends_before_it_has_not(string way)
    {
        await using var session = await BeginAsync("AUTH SCRAM-SHA-256\r\n");
        await EndByAsync(session, way);
        await session.EndAsync();
        Assert.Equal(0, Failures);
    }

    [Fact]
    public async Task Who_is_gone_before_the_policy_has_answered_has_failed()
    {
        SessionHarness? session = null;
        _policy.Authenticate = _ =>
        {
            session!.Abort();
            throw new OperationCanceledException();
        };
        await using var held = session = await BeginAsync("");
        await session.SendAsync(Named);
        Assert.Equal(SessionEnd.ConnectionLost, await session.EndAsync());
        Assert.Equal(1, Failures);
    }

    [Fact]
    public async Task Who_goes_while_it_waits_has_failed_once()
    {
        await using var session = await BeginAsync($"{Named}*\r\n");
        session.Abort();
        Assert.Equal(SessionEnd.ConnectionLost, await session.EndAsync());
        Assert.Equal(1, Failures);
    }

    [Fact]
    public async Task Neither_a_success_nor_a_policy_that_cannot_say_is_a_failure()
    {
        _policy.Authenticate = _ => SaslAnswer.Accepted;
        await using (var session = await BeginAsync($"AUTH PLAIN {Convert.ToBase64String("\0tim\0x"u8)}\r\n"))
        {
            Assert.StartsWith("235", session.Take(), StringComparison.Ordinal);
            session.HangUp();
            await session.EndAsync();
        }

        _policy.Authenticate = _ => SaslAnswer.NotNow;
        await using (var session = await BeginAsync(Named))
        {
            Assert.Equal(SessionEnd.Refused, await session.EndAsync());
            Assert.StartsWith("454", session.Take(), StringComparison.Ordinal);
        }

        Assert.Equal(0, Failures);
    }

    [Fact]
    public async Task A_policy_that_throws_at_the_end_is_still_told_of_it()
    {
        _policy.NotAuthenticated = () => throw new IOException("no place to count");
        await using var session = await BeginAsync(Named);
        session.HangUp();
        Assert.Equal(SessionEnd.ConnectionLost, await session.EndAsync());
        Assert.Equal(["not authenticated", "disconnected ConnectionLost"], _policy.Calls[^2..]);
    }

    private static SmtpServerOptions Options() => SessionHarness.Options with
    {
        SoftErrorCount = -1,
        Auth = new SmtpServerAuth([SaslMechanism.ScramSha256, SaslMechanism.Plain, SaslMechanism.Login]) { IsAllowedInClear = true },
    };

    /// <summary>A session that has heard EHLO and these lines, and whose answer to EHLO is taken.</summary>
    private async Task<SessionHarness> BeginAsync(string lines, SmtpServerOptions? options = null)
    {
        var session = new SessionHarness(_policy, options ?? Options());
        await session.SendAsync("EHLO a\r\n");
        session.Take();
        await session.SendAsync(lines);
        return session;
    }

    private static async Task EndByAsync(SessionHarness session, string way)
    {
        switch (way)
        {
            case "hang up": session.HangUp(); break;
            case "break": session.BreakConnection(); break;
            case "abort": session.Abort(); break;
            case "fall silent": session.Time.Advance(TimeSpan.FromSeconds(61)); break;
            case "bare LF": await session.SendAsync("AAAA\nAAAA\r\n"); break;
            default: session.Shutdown(); break;
        }
    }
}
