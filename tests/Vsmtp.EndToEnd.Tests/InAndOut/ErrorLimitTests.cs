using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.InAndOut;

/// <summary>What a client's errors cost it: time from one limit on, with the other the connection.</summary>
public sealed class ErrorLimitTests
{
    private const string Rules = """#{ rcpt: [ rule "nobody" || if rcpt().local_part == "nobody" { info("550 5.1.1 nobody here") } else { next() } ] }""";

    [Fact]
    public async Task The_last_error_that_is_borne_with_ends_the_connection_and_no_other()
    {
        await using var site = await RunningSite.StartAsync(Rules, extraToml: "[server.smtp.error]\nsoft_count = -1\nhard_count = 3\ndelay = \"1s\"");
        using var other = await RawSmtp.OpenAsync(site.Site.ClientPort);
        using (var smtp = await RawSmtp.OpenAsync(site.Site.ClientPort))
        {
            Assert.StartsWith("500", await smtp.AskAsync("NOSUCH"), StringComparison.Ordinal);
            Assert.StartsWith("250", await smtp.AskAsync("MAIL FROM:<john@example.org>"), StringComparison.Ordinal);
            Assert.Equal("550 5.1.1 nobody here", await smtp.AskAsync("RCPT TO:<nobody@example.com>"));
            Assert.StartsWith("250", await smtp.AskAsync("RSET"), StringComparison.Ordinal);
            // Neither what went well in between nor a new transaction makes it forget.
            var last = await smtp.AskAsync("RCPT TO:<jane@example.com>");
            Assert.Equal(
                ["451-4.7.0 Bad sequence of commands", "451 4.7.0 Too many errors from the client"], last.Split('\n'));
            Assert.Equal("", await smtp.ReadReplyAsync());
        }

        Assert.StartsWith("500", await other.AskAsync("NOSUCH"), StringComparison.Ordinal);
        Assert.StartsWith("250", await other.SendMailAsync("john@example.org", ["jane@example.com"], Messages.Clean()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task From_the_soft_limit_on_an_error_costs_time_and_one_before_it_does_not()
    {
        await using var site = await RunningSite.StartAsync(Rules, extraToml: "[server.smtp.error]\nsoft_count = 2\nhard_count = -1\ndelay = \"10s\"");
        using var slow = await RawSmtp.OpenAsync(site.Site.ClientPort);
        foreach (var _ in (int[])[1, 2]) Assert.StartsWith("500", await slow.AskAsync("NOSUCH"), StringComparison.Ordinal);
        var noop = slow.AskAsync("NOOP");

        // All this began later, and is over first.
        using (var other = await RawSmtp.OpenAsync(site.Site.ClientPort))
        {
            Assert.StartsWith("500", await other.AskAsync("NOSUCH"), StringComparison.Ordinal);
            Assert.StartsWith("250", await other.SendMailAsync("john@example.org", ["jane@example.com"], Messages.Clean()), StringComparison.Ordinal);
            Assert.StartsWith("221", await other.AskAsync("QUIT"), StringComparison.Ordinal);
        }

        Assert.False(noop.IsCompleted);
        Assert.StartsWith("250", await noop, StringComparison.Ordinal);
    }
}
