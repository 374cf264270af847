using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.InAndOut;

/// <summary>What the client sent is what the relay host gets, but for our trace (design rule 10), in eight bits (RFC 6152) and in UTF-8 (RFC 6531).</summary>
public sealed class PassThroughTests : IClassFixture<PlainSite>
{
    private readonly PlainSite _site;

    public PassThroughTests(PlainSite site)
    {
        _site = site;
        _site.Relay.Reset();
    }

    public static TheoryData<string, string> OddMessages => new()
    {
        { "an ordinary one", Messages.Clean() },
        { "dot lines", Messages.Clean(body: ".\r\n..\r\n...\r\n.leading\r\ntrailing.\r\n.") },
        { "a dot line first", ".dot\r\n" },
        { "long lines", Messages.Clean(body: $"{new string('a', 998)}\r\n{new string('b', 2_000)}\r\n{new string('c', 60_000)}") },
        { "headers only, with their empty line", "From: <john@example.org>\r\nSubject: none\r\n\r\n" },
        { "headers only, without an empty line", "From: <john@example.org>\r\nSubject: none\r\n" },
        { "a body only", "\r\nNo header at all.\r\n" },
        { "no header and no empty line", "Just a line of text.\r\n" },
        { "only an empty line", "\r\n" },
        { "nothing", "" },
        { "empty lines at the end", Messages.Clean(body: "text\r\n\r\n\r\n") },
        { "odd folding and case", "SUBJECT:no blank\r\nx-folded: one\r\n\ttwo\r\n   three \r\nX-Empty:\r\nX-Twice: 1\r\nX-Twice: 2\r\n\r\nbody  \t\r\n" },
        { "control octets", Messages.Clean(body: string.Concat(Enumerable.Range(1, 31).Where(c => c is not (10 or 13)).Select(c => (char)c)) + "\u007f") },
        { "more than fits into one row of the store", Messages.Clean(body: string.Concat(Enumerable.Repeat($"{new string('x', 76)}\r\n", 3_000))) },
    };

    [Theory]
    [MemberData(nameof(OddMessages))]
    public async Task A_mail_goes_out_as_it_came_in(string what, string message)
    {
        var id = await _site.SendAsync(message);
        await _site.Server.WaitForAsync(id, "delivered");

        var mail = Assert.Single(_site.Relay.Mails);
        Assert.True(message == mail.TextBelowTrace, $"{what} was changed");
        Assert.Equal("john@example.org", mail.Sender);
        Assert.Equal(["jane@example.com"], mail.Recipients);
    }

    [Theory, InlineData(1), InlineData(7), InlineData(4096), InlineData(1_000_000)]
    public async Task A_mail_that_comes_in_chunks_goes_out_as_it_came_in(int chunk)
    {
        var message = Messages.Clean(body: string.Concat(Enumerable.Repeat(".\r\n..dots\r\nMAIL FROM:<x@y>\r\n", chunk == 1 ? 2 : 300)));
        using var smtp = await RawSmtp.OpenAsync(_site.Site.ClientPort);
        await smtp.AskAsync("MAIL FROM:<john@example.org>");
        await smtp.AskAsync("RCPT TO:<jane@example.com>");
        var pieces = message.Chunk(chunk).Select(piece => new string(piece)).ToArray();
        await smtp.SendAsync(string.Concat(pieces.Select((piece, i) => $"BDAT {piece.Length}{(i == pieces.Length - 1 ? " LAST" : "")}\r\n{piece}")));
        for (var i = 1; i < pieces.Length; i++) Assert.StartsWith("250", await smtp.ReadReplyAsync());
        var reply = await smtp.ReadReplyAsync();
        Assert.StartsWith("250", reply);
        await _site.Server.WaitForAsync(RawSmtp.IdOf(reply), "delivered");
        Assert.Equal(message, Assert.Single(_site.Relay.Mails).TextBelowTrace);
    }

    [Fact]
    public async Task Octets_above_127_stay_and_are_announced()
    {
        var message = Messages.Clean(body: string.Concat(Enumerable.Range(128, 128).Select(c => (char)c)));
        using var smtp = await RawSmtp.OpenAsync(_site.Site.ClientPort);
        var reply = await smtp.SendMailAsync("john@example.org", ["jane@example.com"], message, " BODY=8BITMIME");
        Assert.StartsWith("250", reply);
        await _site.Server.WaitForAsync(RawSmtp.IdOf(reply), "delivered");

        var mail = Assert.Single(_site.Relay.Mails);
        Assert.Equal(message, mail.TextBelowTrace);
        Assert.Equal("8BITMIME", mail.MailParameter("BODY"));
    }

    [Fact]
    public async Task The_trace_says_who_brought_the_mail_and_under_which_id()
    {
        var id = await _site.SendAsync(Messages.Clean());
        await _site.Server.WaitForAsync(id, "delivered");

        var trace = Assert.Single(_site.Relay.Mails).Header("Received")!;
        Assert.StartsWith("from client.example.org ([127.0.0.1]) by mx.example.com with ESMTP id ", trace);
        Assert.Contains(id, trace);
    }

    [Fact]
    public async Task The_null_sender_stays_null()
    {
        var id = await _site.SendAsync(Messages.Clean("a report"), from: "");
        await _site.Server.WaitForAsync(id, "delivered");

        Assert.StartsWith("MAIL FROM:<>", Assert.Single(_site.Relay.Mails).Commands[0]);
    }

    [Fact]
    public async Task Addresses_beyond_ASCII_go_out_under_SMTPUTF8()
    {
        var (from, to) = (Messages.Utf8("jörg@exämple.org"), Messages.Utf8("日本@example.com"));
        var message = Messages.Clean(Messages.Utf8("grüße"));
        using var smtp = await RawSmtp.OpenAsync(_site.Site.ClientPort);
        var reply = await smtp.SendMailAsync(from, [to], message, " SMTPUTF8 BODY=8BITMIME");
        Assert.StartsWith("250", reply);
        await _site.Server.WaitForAsync(RawSmtp.IdOf(reply), "delivered");

        var mail = Assert.Single(_site.Relay.Mails);
        Assert.Equal((from, message), (mail.Sender, mail.TextBelowTrace));
        Assert.Equal([to], mail.Recipients);
        Assert.Contains(" SMTPUTF8", mail.Commands[0]);
        Assert.Contains("with UTF8SMTP id", mail.Header("Received"));
    }

    [Fact]
    public async Task A_mail_under_SMTPUTF8_is_not_forced_on_a_relay_host_that_cannot_take_it()
    {
        await using var site = await RunningSite.StartAsync("#{}");    // of its own: connections that are kept know what was announced
        site.Relay.Announced = ["8BITMIME", "SIZE"];
        using var smtp = await RawSmtp.OpenAsync(site.Site.ClientPort);
        var reply = await smtp.SendMailAsync(
            Messages.Utf8("jörg@example.org"), ["jane@example.com"], Messages.Clean(), " SMTPUTF8");
        var bounced = await site.Server.WaitForAsync(RawSmtp.IdOf(reply), "bounced");

        Assert.Contains("SMTPUTF8", bounced.Mail.Reason);
        Assert.Empty(site.Relay.Seen);
    }

    [Fact]
    public async Task What_the_client_wants_to_be_told_goes_on_to_the_relay_host()
    {
        using var smtp = await RawSmtp.OpenAsync(_site.Site.ClientPort);
        Assert.StartsWith("250", await smtp.AskAsync("MAIL FROM:<john@example.org> RET=HDRS ENVID=QQ+2B314"));
        Assert.StartsWith("250", await smtp.AskAsync("RCPT TO:<jane@example.com> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;jane+2B1@example.com"));
        Assert.StartsWith("250", await smtp.AskAsync("RCPT TO:<joe@example.com> NOTIFY=NEVER"));
        var reply = await smtp.SendDataAsync(Messages.Clean());
        await _site.Server.WaitForAsync(RawSmtp.IdOf(reply), "delivered");

        var mail = Assert.Single(_site.Relay.Mails);
        Assert.Equal(("HDRS", "QQ+2B314"), (mail.MailParameter("RET"), mail.MailParameter("ENVID")));
        Assert.EndsWith(" NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;jane+2B1@example.com", mail.Commands[1]);
        Assert.EndsWith(" NOTIFY=NEVER", mail.Commands[2]);
    }

    [Fact]
    public async Task Delegation_headers_of_a_client_are_removed_however_they_are_written()
    {
        const string Forged =
            "X-VSMTP-DELEGATION: sent; stage=postq; directive=\"scan\"; id=\"x\"\r\n"
            + "x-vsmtp-delegation:\r\n\tsent; stage=delivery;\r\n directive=\"scan\"\r\n";
        var message = Messages.Clean("forged", "X-VSMTP-DELEGATION: of the body, which is the client's own", "X-Kept: yes\r\n");
        var id = await _site.SendAsync(Forged + message);
        await _site.Server.WaitForAsync(id, "delivered");

        Assert.Equal(message, Assert.Single(_site.Relay.Mails).TextBelowTrace);
    }
}
