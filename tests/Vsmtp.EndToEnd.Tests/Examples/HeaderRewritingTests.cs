using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Examples;

/// <summary><c>examples/header-rewriting</c>: what changes, and that all else stays.</summary>
public sealed class HeaderRewritingTests(HeaderRewritingTests.Site site) : IClassFixture<HeaderRewritingTests.Site>
{
    private const string Inside = "127.0.0.2";
    private const string Elsewhere = "127.0.0.4";

    /// <summary>Folds, blanks, letter case and an octet beyond ASCII as no program of ours would write them.</summary>
    private const string Kept =
        "DKIM-Signature: v=1; a=rsa-sha256; d=example.com;\r\n  s=k;\th=date:message-id;\r\n\tbh=x; b=y\r\ndate:   Tue, 24 Nov 2026 08:59:58 +0000 \r\n"
        + "x-ODD:\tcaf\u00e9  \r\n \r\n  folded\r\nMESSAGE-id :<1@ws17>\r\n";

    private const string Body = "\r\nhello  \r\n\tReceived: not a header\r\n.dot\r\n\r\n\r\n";

    [Fact]
    public async Task What_leaves_us_names_nothing_of_our_network_and_all_else_keeps_its_bytes()
    {
        const string message =
            "Received: from ws17.office.example.com (ws17 [192.0.2.17])\r\n\tby dc1.example.com; Tue, 24 Nov 2026 09:00:00 +0000\r\n"
            + "RECEIVED: from localhost by ws17.office.example.com\r\nX-Originating-IP: [192.0.2.17]\r\n"
            + Kept + "From: \"Jane  Doe\" <jane@office.example.com>\r\nX-Mailer: Office\r\n 1\r\nTo:  joe@elsewhere.example ,\r\n\tann@there.example\r\n"
            + "Cc: kim@dc1.example.com\r\nSubject: out\r\nx-mailer: again\r\n" + Body;

        await site.DeliverAsync(Inside, message, "jane@office.example.com", "joe@elsewhere.example");

        var mail = Assert.Single(site.RelayHost.Mails, mail => mail.Header("Subject") == "out");
        Assert.Equal("jane@example.com", mail.Sender);
        Assert.StartsWith("Received: by mx.example.com with ", mail.Text);
        var end = mail.Text.IndexOf("\r\n", StringComparison.Ordinal) + 2;
        Assert.DoesNotContain(Inside, mail.Text[..end]);
        Assert.Equal(
            Kept + "From: \"Jane  Doe\" <jane@example.com>\r\nTo:  joe@elsewhere.example ,\r\n\tann@there.example\r\n"
            + "Cc: kim@example.com\r\nSubject: out\r\nOrganization: Example Ltd\r\n" + Body,
            mail.Text[end..]);
    }

    [Fact]
    public async Task A_bounce_of_ours_leaves_without_a_sender()
    {
        await site.DeliverAsync(Inside, Messages.Clean("bounce out"), "", "joe@elsewhere.example");

        Assert.Equal("", Assert.Single(site.RelayHost.Mails, mail => mail.Header("Subject") == "bounce out").Sender);
    }

    [Fact]
    public async Task What_comes_from_elsewhere_is_marked_and_its_forged_headers_are_gone()
    {
        const string rest = Kept + "From: john@example.org\r\nTo: jane@example.com\r\n";

        await site.DeliverAsync(
            Elsewhere, "X-Spam-Flag: NO\r\nSubject: in\r\nx-spam-flag: NO\r\n" + rest + Body, "john@example.org", "jane@example.com");

        var mail = Assert.Single(site.Maildir("jane@example.com", "[external] in"));
        Assert.EndsWith("Subject: [external] in\r\n" + rest + "X-External: yes\r\n" + Body, mail);
        Assert.Contains("\r\nReceived: from client.example.org ([127.0.0.4])", mail);
        Assert.DoesNotContain("X-Spam-Flag", mail, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task An_answer_is_not_marked_twice_and_a_mail_without_subject_gets_one()
    {
        await site.DeliverAsync(Elsewhere, Messages.Clean("Re: [external] in"), "john@example.org", "jane@example.com");
        await site.DeliverAsync(Elsewhere, "From: john@example.org\r\n\r\nno subject\r\n", "john@example.org", "jane@example.com");

        Assert.Single(site.Maildir("jane@example.com", "Re: [external] in"));
        Assert.Single(site.Maildir("jane@example.com", "[external]"));
    }

    [Fact]
    public async Task A_renamed_address_is_the_present_one_in_the_envelope_and_in_To()
    {
        var message = Messages.Clean("renamed").Replace(
            "To: <jane@example.com>", "To: \"Smith, Mary\" <mary.smith@example.com>, joe@elsewhere.example", StringComparison.Ordinal);

        await site.DeliverAsync(Elsewhere, message, "john@example.org", "Mary.Smith@example.com");

        var mail = Assert.Single(site.Maildir("mary.jones@example.com", "[external] renamed"));
        Assert.Contains("\r\nTo: \"Smith, Mary\" <mary.jones@example.com>, joe@elsewhere.example\r\n", mail);
        Assert.Empty(site.Maildir("mary.smith@example.com", "[external] renamed"));
    }

    [Fact]
    public async Task It_is_no_open_relay()
    {
        using var smtp = await site.ConnectAsync(Elsewhere);
        Assert.StartsWith("554 5.7.1 ", await smtp.SendMailAsync("john@example.org", ["joe@elsewhere.example"], Messages.Clean()));
    }

    [Fact]
    public Task Check_finds_nothing() => site.AssertCleanAsync();

    [Fact]
    public async Task Explain_tells_each_change()
    {
        var text = await site.ExplainAsync(
            "--from", "jane@office.example.com", "--rcpt", "mary.smith@example.com", "--rcpt", "joe@elsewhere.example", "--client", Inside);

        Assert.Contains("header removed: X-Originating-IP", text);
        Assert.Contains("header set: From: \"Jane  Doe\" <jane@example.com>", text);
        Assert.Contains("header set: To: Mary <mary.jones@example.com>, joe@elsewhere.example", text);
        Assert.Contains("from <jane@example.com>", text);
        Assert.Contains("to <mary.jones@example.com> by maildir", text);
    }

    /// <summary>Its machine inside is another address of this machine.</summary>
    public sealed class Site() : ExampleSite("header-rewriting", ("127.0.0.1/32", $"{Inside}/32"));
}
