using System.Net;
using Vsmtp.Smtp.Commands;
using Vsmtp.Smtp.Replies;
using Vsmtp.Smtp.Server;
using Vsmtp.Smtp.Tests.Support;

namespace Vsmtp.Smtp.Tests.Server;

/// <summary>A server before ours that says where its mails come from (Postfix XFORWARD_README).</summary>
public sealed class XForwardTests
{
    private readonly RecordingPolicy _policy = new();
    private readonly List<XForwardAttributes?> _told = [];

    public XForwardTests() => _policy.Mail = transaction =>
    {
        _told.Add(transaction.ToldOrigin);
        return transaction.Sender.ToString() == "<refused@b>" ? SessionVerdict.Inform(SmtpReplies.Denied) : SessionVerdict.Continue;
    };

    [Fact]
    public async Task Several_commands_add_up_and_the_last_word_counts()
    {
        await TalkAsync("""
            XFORWARD NAME=one.example ADDR=192.0.2.7 PORT=4000
            xforward helo=there name=two.example port=[unavailable]
            MAIL FROM:<a@b>
            """);
        Assert.Equal(
            new XForwardAttributes { Name = "two.example", Address = IPAddress.Parse("192.0.2.7"), Helo = "there" }, Assert.Single(_told));
    }

    [Theory]
    [InlineData("MAIL FROM:<a@b>\nRSET", false)]
    [InlineData("MAIL FROM:<a@b>\nRCPT TO:<c@d>\nDATA\n.", false)]
    [InlineData("MAIL FROM:<a@b>\nRCPT TO:<c@d>\nBDAT 0 LAST", false)]
    [InlineData("MAIL FROM:<refused@b>", true)]
    [InlineData("RSET", false)]
    [InlineData("EHLO a", false)]
    [InlineData("NOOP", true)]
    [InlineData("XFORWARD PORT=65536", true)]
    [InlineData("MAIL FROM:<a@b>\nXFORWARD NAME=late.example\nRSET", false)]
    [InlineData("XCLIENT ADDR=192.0.2.1\nEHLO a", false)]
    public async Task It_is_for_one_mail_and_gone_with_it(string between, bool isKept)
    {
        await TalkAsync($"XFORWARD NAME=one.example\n{between}\nMAIL FROM:<a@b>");
        Assert.Equal(isKept ? "one.example" : null, _told[^1]?.Name);
    }

    [Fact]
    public async Task Nobody_else_may_and_nobody_may_within_a_transaction_or_before_EHLO()
    {
        Assert.DoesNotContain("XFORWARD", await TalkAsync("MAIL FROM:<a@b>", mayTellOrigin: false), StringComparison.Ordinal);
        Assert.Contains("\r\n502 ", await TalkAsync("XFORWARD NAME=one.example", mayTellOrigin: false), StringComparison.Ordinal);
        var said = await TalkAsync("XFORWARD NAME=one.example\nMAIL FROM:<a@b>\nXFORWARD NAME=two.example");
        Assert.Contains("250 XCLIENT", said, StringComparison.Ordinal);
        Assert.Contains("250-XFORWARD NAME ADDR PORT PROTO HELO IDENT SOURCE\r\n", said, StringComparison.Ordinal);
        Assert.Contains("503 5.5.1", said, StringComparison.Ordinal);

        await using var harness = new SessionHarness(_policy, mayTellOrigin: true);
        await harness.SendAsync("XFORWARD NAME=one.example\r\nQUIT\r\n");
        Assert.Contains("503 5.5.1", harness.Take(), StringComparison.Ordinal);
    }

    /// <param name="lines">Behind EHLO, before QUIT.</param>
    /// <returns>What was answered.</returns>
    private async Task<string> TalkAsync(string lines, bool mayTellOrigin = true)
    {
        await using var harness = new SessionHarness(_policy, maySpeakForOthers: true, mayTellOrigin: mayTellOrigin);
        await harness.SendAsync($"EHLO a\n{lines}\nQUIT\n".ReplaceLineEndings("\r\n"));
        harness.HangUp();
        await harness.EndAsync();
        return harness.Take();
    }
}
