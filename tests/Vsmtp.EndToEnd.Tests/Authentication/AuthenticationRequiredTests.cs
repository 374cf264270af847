using Vsmtp.EndToEnd.Tests.Support;
using Vsmtp.Smtp.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Authentication;

/// <summary>Where MAIL is for those who have authenticated, and what the other keys of [server.smtp.auth] change.</summary>
public sealed class AuthenticationRequiredTests
{
    private const string Mail = "MAIL FROM:<john@example.org>";
    private const string Refused = "530 5.7.0 Authentication required";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Where_users_bring_mails_in_MAIL_is_for_those_who_have_authenticated(bool isTlsFirst)
    {
        await using var site = await AuthSite.StartAsync();
        using var client = isTlsFirst ? await site.OpenTlsFirstAsync() : await site.OpenAsync(port: site.SubmissionPort);
        await client.AskAsync("EHLO a");
        Assert.Equal(Refused, await client.AskAsync(Mail));
        Assert.StartsWith("503", await client.AskAsync("RCPT TO:<jane@example.com>"), StringComparison.Ordinal);
        Assert.StartsWith("235", await client.AskAsync(AuthSite.Plain()), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.AskAsync($"{Mail} AUTH=<>"), StringComparison.Ordinal);
        await client.AskAsync("RSET");
        await client.SendMailAsync(Messages.Clean("of a user"));
        // Elsewhere other servers bring theirs.
        await site.SendAsync(Messages.Clean("of a server"));
        await Patience.UntilAsync(() => site.Relay.Mails.Count == 2, "both mails at the relay");
    }

    [Fact]
    public async Task In_clear_nobody_can_bring_a_mail_in_as_a_user()
    {
        await using var site = await AuthSite.StartAsync();
        using var smtp = await RawSmtp.OpenAsync(site.SubmissionPort);
        Assert.Equal(Refused, await smtp.AskAsync(Mail));
        Assert.StartsWith("538 5.7.11", await smtp.AskAsync(AuthSite.Plain()), StringComparison.Ordinal);
        Assert.Equal("", await smtp.ReadReplyAsync());
    }

    [Fact]
    public async Task Where_all_must_authenticate_MAIL_is_530_before_AUTH_in_clear_and_under_TLS()
    {
        await using var site = await AuthSite.StartAsync(keys: "users = \"users\"\nmust_be_authenticated = true");
        using (var smtp = await RawSmtp.OpenAsync(site.Site.ClientPort)) Assert.Equal(Refused, await smtp.AskAsync(Mail));

        using var client = await site.OpenAsync();
        await client.AskAsync("EHLO a");
        Assert.Equal(Refused, await client.AskAsync(Mail));
        Assert.StartsWith("235", await client.AskAsync(AuthSite.Plain()), StringComparison.Ordinal);
        await client.SendMailAsync(Messages.Clean("of a user"));
        await Patience.UntilAsync(() => site.Relay.Mails.Count == 1, "the mail at the relay");
    }

    [Fact]
    public async Task Where_passwords_may_go_in_clear_AUTH_is_offered_there_and_a_wrong_one_is_refused_all_the_same()
    {
        await using var site = await AuthSite.StartAsync(
            keys: "users = \"users\"\nmust_be_authenticated = true\nenable_dangerous_mechanism_in_clair = true");
        using (var smtp = await RawSmtp.OpenAsync(site.Site.ClientPort))
        {
            Assert.Contains("AUTH SCRAM-SHA-256 PLAIN LOGIN", await smtp.AskAsync("EHLO a"), StringComparison.Ordinal);
            Assert.StartsWith("235 2.7.0", await smtp.AskAsync(AuthSite.Plain()), StringComparison.Ordinal);
            Assert.StartsWith("250", await smtp.SendMailAsync("john@example.org", ["jane@example.com"], Messages.Clean()), StringComparison.Ordinal);
        }

        using var stranger = await RawSmtp.OpenAsync(site.Site.ClientPort);
        Assert.StartsWith("535 5.7.8", await stranger.AskAsync(AuthSite.Plain(password: "another")), StringComparison.Ordinal);
        Assert.Equal("", await stranger.ReadReplyAsync());
    }

    [Fact]
    public async Task Who_takes_back_one_attempt_too_many_is_sent_away()
    {
        await using var site = await AuthSite.StartAsync(keys: "users = \"users\"\nattempt_count_max = 2");
        using var client = await site.OpenAsync();
        await client.AskAsync("EHLO a");
        foreach (var mechanism in (string[])["PLAIN", "LOGIN"])
        {
            Assert.StartsWith("334", await client.AskAsync($"AUTH {mechanism}"), StringComparison.Ordinal);
            Assert.StartsWith("501 5.7.0", await client.AskAsync("*"), StringComparison.Ordinal);
        }

        Assert.StartsWith("334", await client.AskAsync("AUTH PLAIN"), StringComparison.Ordinal);
        Assert.Equal(Refused, await client.AskAsync("*"));
        Assert.Equal("", await client.ReadReplyAsync());
    }
}
