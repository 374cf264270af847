using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Examples;

/// <summary><c>examples/anti-relaying</c>: who may send to whom.</summary>
public sealed class AntiRelayingTests(AntiRelayingTests.Site site) : IClassFixture<AntiRelayingTests.Site>
{
    private const string Inside = "127.0.0.2";
    private const string Partner = "127.0.0.3";
    private const string Stranger = "127.0.0.4";

    [Theory]
    [InlineData(Stranger, "john@example.org", "jane@example.com", "250")]
    [InlineData(Stranger, "john@example.org", "jane@example.net", "250")]
    [InlineData(Stranger, "john@example.org", "jane@EXAMPLE.COM", "250")]
    [InlineData(Stranger, "", "jane@example.com", "250")]
    [InlineData(Stranger, "john@example.org", "joe@elsewhere.example", "554 5.7.1 ")]
    [InlineData(Stranger, "john@example.org", "joe@sub.example.com", "554 5.7.1 ")]
    [InlineData(Stranger, "", "joe@elsewhere.example", "554 5.7.1 ")]
    [InlineData(Stranger, "john@example.org", "joe@partner.example", "554 5.7.1 ")]
    [InlineData(Stranger, "john@example.org", "joe%elsewhere.example@example.com", "550 5.1.3 ")]
    [InlineData(Stranger, "john@example.org", "elsewhere.example!joe@example.com", "550 5.1.3 ")]
    [InlineData(Stranger, "john@example.org", "\"joe@elsewhere.example\"@example.com", "550 5.1.3 ")]
    [InlineData(Partner, "ann@partner.example", "joe@partner.example", "250")]
    [InlineData(Partner, "ann@partner.example", "joe@partner-shop.example", "250")]
    [InlineData(Partner, "ann@partner.example", "jane@example.com", "250")]
    [InlineData(Partner, "ann@partner.example", "joe@elsewhere.example", "554 5.7.1 ")]
    [InlineData(Inside, "jane@example.com", "joe@elsewhere.example", "250")]
    [InlineData(Inside, "jane@example.com", "joe%there@elsewhere.example", "550 5.1.3 ")]
    public async Task A_recipient_is_taken_or_refused_and_the_connection_stays(string client, string sender, string recipient, string reply)
    {
        using var smtp = await site.ConnectAsync(client);
        Assert.StartsWith("250", await smtp.AskAsync($"MAIL FROM:<{sender}>"));

        Assert.StartsWith(reply, await smtp.AskAsync($"RCPT TO:<{recipient}>"));

        Assert.StartsWith("250", await smtp.AskAsync("NOOP"));
    }

    [Theory]
    [InlineData("jane@example.com")]
    [InlineData("jane@example.net")]
    public async Task Nobody_from_elsewhere_is_one_of_us(string sender)
    {
        using var smtp = await site.ConnectAsync(Stranger);

        Assert.StartsWith("554 5.7.1 ", await smtp.AskAsync($"MAIL FROM:<{sender}>"));

        Assert.Equal("", await smtp.ReadReplyAsync());
    }

    [Fact]
    public async Task A_refused_recipient_gets_nothing_while_the_others_do()
    {
        using var smtp = await site.ConnectAsync(Stranger);
        await smtp.AskAsync("MAIL FROM:<john@example.org>");
        Assert.StartsWith("250", await smtp.AskAsync("RCPT TO:<jane@example.com>"));
        Assert.StartsWith("554", await smtp.AskAsync("RCPT TO:<joe@elsewhere.example>"));
        var reply = await smtp.SendDataAsync(Messages.Clean("one of two"));
        await site.Server.WaitForAsync(RawSmtp.IdOf(reply), "delivered");

        Assert.Single(site.Maildir("jane@example.com", "one of two"));
        Assert.DoesNotContain(site.RelayHost.Mails, mail => mail.Header("Subject") == "one of two");
    }

    [Fact]
    public async Task Mail_of_ours_is_in_a_Maildir_and_at_the_relay_host()
    {
        await site.DeliverAsync(Inside, Messages.Clean("both"), "jane@example.com", "joe@elsewhere.example", "ann@example.net");

        Assert.Single(site.Maildir("ann@example.net", "both"));
        var mail = Assert.Single(site.RelayHost.Mails, mail => mail.Header("Subject") == "both");
        Assert.Equal(["joe@elsewhere.example"], mail.Recipients);
        Assert.Equal("jane@example.com", mail.Sender);
    }

    [Fact]
    public Task Check_finds_nothing_that_the_README_does_not_explain() => site.AssertCleanAsync("server.virtual is not yet in effect");

    [Fact]
    public async Task Explain_tells_which_rule_decides()
    {
        var stranger = await site.ExplainAsync(
            "--from", "john@example.org", "--rcpt", "jane@example.com", "--rcpt", "joe@elsewhere.example", "--client", "203.0.113.9");
        Assert.Contains("rcpt <joe@elsewhere.example>: info, with the reply 554 5.7.1 Relay access denied", stranger);
        Assert.Contains("rule \"no open relay\" (main.vsl:", stranger);
        Assert.Contains("to <jane@example.com> by maildir", stranger);
        Assert.DoesNotContain("to <joe@elsewhere.example>", stranger);

        var inside = await site.ExplainAsync(
            "--from", "jane@example.com", "--rcpt", "joe@elsewhere.example", "--client", "2001:db8:17::5");
        Assert.Contains("to <joe@elsewhere.example> by deliver", inside);
    }

    /// <summary>Its networks and its partner's server are addresses of this machine.</summary>
    public sealed class Site() : ExampleSite("anti-relaying", ("192.0.2.0/24", $"{Inside}/32"), ("198.51.100.7", Partner));
}
