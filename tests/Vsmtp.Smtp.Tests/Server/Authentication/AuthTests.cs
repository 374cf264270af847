using System.Text;
using Vsmtp.Smtp.Server;
using Vsmtp.Smtp.Server.Authentication;
using Vsmtp.Smtp.Tests.Support;

namespace Vsmtp.Smtp.Tests.Server.Authentication;

/// <summary>AUTH in the conversation (RFC 4954).</summary>
public sealed class AuthTests
{
    private const string Good = "AHRpbQB0YW5zdGFhZnRhbnN0YWFm";       // tim, tanstaaftanstaaf
    private const string Bad = "AHRpbQB4";                            // tim, x

    private readonly RecordingPolicy _policy = new()
    {
        Authenticate = credentials => credentials is SaslCredentials.Verify { Name: "tim", Password: "tanstaaftanstaaf" } or SaslCredentials.AnonymousToken
            ? SaslAnswer.Accepted
            : SaslAnswer.Refused,
    };

    [Fact]
    public async Task Mail_follows_AUTH_without_another_EHLO_and_AUTH_is_offered_until_then() => await Play(
        Options(), """
        > EHLO a
        < 250-AUTH PLAIN LOGIN ANONYMOUS
        > AUTH plain AHRpbQB0YW5zdGFhZnRhbnN0YWFm
        < 235 2.7.0 Authentication succeeded
        > AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm
        < 503 5.5.1
        > MAIL FROM:<a@b.example>
        < 250 2.1.0
        > EHLO a
        < !AUTH
        """);

    [Fact]
    public async Task A_password_can_come_step_by_step() => await Play(
        Options(), $"""
        > EHLO a
        <
        > AUTH PLAIN
        < 334 $
        > {Good}
        < 235 2.7.0
        """);

    [Fact]
    public async Task LOGIN_asks_twice() => await Play(
        Options(), """
        > EHLO a
        <
        > AUTH LOGIN
        < 334 VXNlciBOYW1l$
        > dGlt
        < 334 UGFzc3dvcmQ=$
        > dGFuc3RhYWZ0YW5zdGFhZg==
        < 235 2.7.0
        """);

    [Fact]
    public async Task An_equals_sign_is_an_initial_response_of_no_octets() => await Play(
        Options(), """
        > EHLO a
        <
        > AUTH ANONYMOUS =
        < 235 2.7.0
        """);

    [Fact]
    public async Task What_cannot_be_done_now_is_refused_and_the_session_goes_on() => await Play(
        Options(), $"""
        > AUTH PLAIN {Good}
        < 503 5.5.1
        > EHLO a
        <
        > AUTH
        < 501 5.5.4
        > AUTH PLAIN a b
        < 501 5.5.4
        > AUTH GSSAPI
        < 504 5.5.4
        > AUTH CRAM-MD5
        < 504 5.5.4
        > AUTH PLAIN not*base64
        < 501 5.5.2
        > AUTH PLAIN AHRpbQB4A
        < 501 5.5.2
        > AUTH PLAIN
        < 334
        > *
        < 501 5.7.0
        > AUTH PLAIN
        < 334
        > MAIL FROM:<a@b.example>
        < 501 5.5.2
        > AUTH PLAIN
        < 334
        > AHRp bQB0
        < 501 5.5.2
        > MAIL FROM:<a@b.example>
        < 250 2.1.0
        > AUTH PLAIN {Good}
        < 503 5.5.1
        > RSET
        < 250
        > AUTH PLAIN {Good}
        < 235 2.7.0
        """);

    [Theory]
    [InlineData("AUTH PLAIN " + Bad, "535 5.7.8 Authentication credentials invalid")]
    [InlineData("AUTH PLAIN AAAA", "535 5.7.8 Authentication credentials invalid")]
    [InlineData("AUTH LOGIN dGlt", "501 5.7.0 Client must not start with this mechanism")]
    public async Task These_end_the_connection(string line, string reply)
    {
        await using var session = new SessionHarness(_policy, Options());
        await session.SendAsync($"EHLO a\r\n{line}\r\nNOOP\r\n");
        Assert.Equal(SessionEnd.Refused, await session.EndAsync());
        Assert.EndsWith($"\r\n{reply}\r\n", session.Take(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_TLS_nothing_is_offered_or_taken()
    {
        await using var session = new SessionHarness(_policy, Options() with { Auth = new SmtpServerAuth([SaslMechanism.Plain]) });
        await session.SendAsync("EHLO a\r\n");
        Assert.DoesNotContain("AUTH", session.Take(), StringComparison.Ordinal);
        await session.SendAsync($"AUTH PLAIN {Good}\r\n");
        Assert.Equal(SessionEnd.Refused, await session.EndAsync());
        Assert.Equal("538 5.7.11 Encryption required for requested authentication mechanism\r\n", session.Take());
        Assert.DoesNotContain(_policy.Calls, call => call.StartsWith("authenticate", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_AUTH_it_is_not_implemented() => await Play(
        SessionHarness.Options, $"""
        > EHLO a
        < !AUTH
        > AUTH PLAIN {Good}
        < 502 5.5.1
        > MAIL FROM:<a@b.example>
        < 250 2.1.0
        """);

    [Fact]
    public async Task Cancelling_once_too_often_ends_the_connection()
    {
        await using var session = new SessionHarness(_policy, Options() with { Auth = Options().Auth! with { MaxCancelled = 3 } });
        await session.SendAsync("EHLO a\r\n");
        session.Take();
        for (var i = 0; i < 4; i++) await session.SendAsync("AUTH PLAIN\r\n*\r\n");
        Assert.Equal(SessionEnd.Refused, await session.EndAsync());
        Assert.Equal(
            ["334 ", "501 5.7.0 Authentication canceled by client", "334 ", "501 5.7.0 Authentication canceled by client", "334 ",
                "501 5.7.0 Authentication canceled by client", "334 ", "530 5.7.0 Authentication required"],
            session.Take().Split("\r\n", StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task MAIL_may_be_for_the_authenticated(bool isRequired, bool isSubmission)
    {
        await using var session = new SessionHarness(_policy, Options() with { Auth = Options().Auth! with { IsRequired = isRequired } }, isSubmission: isSubmission);
        await session.SendAsync($"MAIL FROM:<a@b.example>\r\nEHLO a\r\nMAIL FROM:<a@b.example>\r\nAUTH PLAIN {Good}\r\nMAIL FROM:<a@b.example>\r\n");
        var replies = session.Take().Split("\r\n").Where(line => line is [_, _, _, ' ', ..]).Select(line => line[..9]);
        Assert.Equal(["220 mx.ex", "503 5.5.1", "250 AUTH ", "530 5.7.0", "235 2.7.0", "250 2.1.0"], replies);
    }

    [Fact]
    public async Task Lines_may_have_12288_octets_and_no_more()
    {
        await using var session = new SessionHarness(_policy, Options());
        var longest = Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0tim\0{new string('x', 9000)}"));
        await session.SendAsync("EHLO a\r\nAUTH PLAIN\r\n");
        session.Take();
        await session.SendAsync(longest.PadRight(12287, '=') + "\r\n");
        Assert.Equal("500 5.5.6 Authentication exchange line is too long\r\n", session.Take());
        await session.SendAsync($"NOOP {new string('x', 506)}\r\n");
        Assert.StartsWith("500 5.5.2", session.Take(), StringComparison.Ordinal);
        await session.SendAsync($"AUTH PLAIN {longest}\r\n");
        Assert.StartsWith("535 5.7.8", session.Take(), StringComparison.Ordinal);
        Assert.Contains(_policy.Calls, call => call == "authenticate PLAIN tim");
    }

    [Fact]
    public async Task An_endless_line_ends_the_connection()
    {
        await using var session = new SessionHarness(_policy, Options());
        await session.SendAsync("EHLO a\r\nAUTH PLAIN\r\n");
        await session.SendAsync(new string('A', 200_000));
        Assert.Equal(SessionEnd.BadLine, await session.EndAsync());
    }

    [Fact]
    public async Task A_client_that_falls_silent_is_told_421()
    {
        await using var session = new SessionHarness(_policy, Options());
        await session.SendAsync("EHLO a\r\nAUTH PLAIN\r\n");
        session.Take();
        session.Time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(SessionEnd.TimedOut, await session.EndAsync());
        Assert.StartsWith("421", session.Take(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_fails_waits_before_it_hears_of_it()
    {
        _policy.NotAuthenticated = () => TimeSpan.FromSeconds(4);
        await using var session = new SessionHarness(_policy, Options());
        await session.SendAsync("EHLO a\r\n");
        session.Take();
        await session.SendAsync($"AUTH PLAIN {Bad}\r\n");
        session.Time.Advance(TimeSpan.FromSeconds(3.9));
        Assert.Equal("", session.Take());
        session.Time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal(SessionEnd.Refused, await session.EndAsync());
        Assert.StartsWith("535", session.Take(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bearer_of_a_bad_token_is_told_why_and_then_that_it_failed()
    {
        await using var session = new SessionHarness(_policy, Options() with
        {
            Auth = new SmtpServerAuth([SaslMechanism.OAuthBearer]) { IsAllowedInClear = true },
        });
        await session.SendAsync("EHLO a\r\n");
        session.Take();
        await session.SendAsync($"AUTH OAUTHBEARER {Convert.ToBase64String("n,a=u,\u0001auth=Bearer t\u0001\u0001"u8)}\r\n");
        Assert.Equal($"334 {Convert.ToBase64String("""{"status":"invalid_token"}"""u8)}\r\n", session.Take());
        await session.SendAsync("AQ==\r\n");
        Assert.Equal(SessionEnd.Refused, await session.EndAsync());
        Assert.StartsWith("535 5.7.8", session.Take(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_policy_that_fails_costs_454()
    {
        _policy.Authenticate = _ => throw new IOException("the file of users cannot be read");
        await using var session = new SessionHarness(_policy, Options());
        await session.SendAsync("EHLO a\r\n");
        session.Take();
        await session.SendAsync($"AUTH PLAIN {Good}\r\n");
        Assert.Equal(SessionEnd.Refused, await session.EndAsync());
        Assert.Equal("454 4.7.0 Temporary authentication failure\r\n", session.Take());
    }

    [Theory]
    [InlineData(Arrival.Whole)]
    [InlineData(Arrival.ByLine)]
    [InlineData(Arrival.ByOctet)]
    internal async Task It_does_not_matter_how_octets_arrive(Arrival arrival)
    {
        await using var session = new SessionHarness(_policy, Options());
        await session.SendAsync(Encoding.ASCII.GetBytes($"EHLO a\r\nAUTH PLAIN\r\n{Good}\r\nMAIL FROM:<a@b.example>\r\nQUIT\r\n"), arrival);
        Assert.Equal(SessionEnd.Quit, await session.EndAsync());
        Assert.Equal(
            ["connect", "helo a", "authenticate PLAIN tim", "authenticated tim", "mail <a@b.example>", "reset Quit", "disconnected Quit"], _policy.Calls);
    }

    private static SmtpServerOptions Options() => SessionHarness.Options with
    {
        SoftErrorCount = -1,
        Auth = new SmtpServerAuth([SaslMechanism.Plain, SaslMechanism.Login, SaslMechanism.Anonymous]) { IsAllowedInClear = true },
    };

    /// <summary>Lines that the client says behind <c>&gt;</c>; the beginning of a reply, or all of it before <c>$</c>, or what is not in it behind <c>!</c>.</summary>
    private async Task Play(SmtpServerOptions options, string script)
    {
        await using var session = new SessionHarness(_policy, options);
        session.Take();
        foreach (var line in script.Split('\n').Select(line => line.TrimEnd('\r')))
        {
            var words = line.Length > 2 ? line[2..] : "";
            if (line[0] == '>')
            {
                await session.SendAsync(words + "\r\n");
                continue;
            }

            var said = session.Take();
            if (words is ['!', .. var absent]) Assert.DoesNotContain(absent, said, StringComparison.Ordinal);
            else if (words is [.. var whole, '$']) Assert.Equal(whole + "\r\n", said);
            else Assert.Contains("\r\n" + words, "\r\n" + said.Replace("\r\n250 AUTH", "\r\n250-AUTH", StringComparison.Ordinal), StringComparison.Ordinal);
        }
    }
}
