namespace Vsmtp.Rules.Tests;

public sealed class EnvelopeTests
{
    private readonly Site _site = new();

    [Theory]
    [InlineData("rewrite_mail_from_envelop(\"a@b.org\")", "a@b.org: green@example.com blue@elsewhere.net")]
    [InlineData("ctx().rewrite_mail_from_envelop(new_address(\"a@b.org\"))", "a@b.org: green@example.com blue@elsewhere.net")]
    [InlineData("add_rcpt_envelop(\"a@b.org\")", "john.doe@example.com: green@example.com blue@elsewhere.net a@b.org")]
    [InlineData("bcc(\"a@b.org\")", "john.doe@example.com: green@example.com blue@elsewhere.net a@b.org")]
    [InlineData("object s string = \"a@b.org\"; bcc(s)", "john.doe@example.com: green@example.com blue@elsewhere.net a@b.org")]
    [InlineData("add_rcpt_envelop(\"green@example.com\")", "john.doe@example.com: green@example.com blue@elsewhere.net green@example.com")]
    [InlineData("remove_rcpt_envelop(\"green@EXAMPLE.com\")", "john.doe@example.com: blue@elsewhere.net")]
    [InlineData("remove_rcpt_envelop(\"nobody@example.com\")", "john.doe@example.com: green@example.com blue@elsewhere.net")]
    [InlineData("rewrite_rcpt_envelop(\"green@example.com\", \"a@b.org\")", "john.doe@example.com: a@b.org blue@elsewhere.net")]
    [InlineData("ctx().rewrite_rcpt_envelop(\"nobody@example.com\", \"a@b.org\")", "john.doe@example.com: green@example.com blue@elsewhere.net a@b.org")]
    [InlineData("envelop::rw_rcpt(\"green@EXAMPLE.com\", \"a@b.org\")", "john.doe@example.com: blue@elsewhere.net a@b.org")]
    [InlineData("try { envelop::rw_rcpt(\"nobody@example.com\", \"a@b.org\") } catch { }", "john.doe@example.com: green@example.com blue@elsewhere.net")]
    [InlineData("add_rcpt(\"a@b.org\"); remove_rcpt(rcpt()); rewrite_rcpt(\"green@example.com\", \"c@d.org\")", "john.doe@example.com: c@d.org blue@elsewhere.net")]
    public async Task The_envelope_is_changed(string call, string expected)
    {
        var context = Site.Transaction();

        var outcome = await _site.RunAsync($"{call}; next()", context);

        Assert.Null(outcome.Failure);
        Assert.Equal(expected, $"{context.Sender!.Address}: {string.Join(' ', context.Recipients.Select(r => r.Address))}");
    }

    [Theory]
    [InlineData("rewrite_mail_from_envelop(\"john\")")]
    [InlineData("rewrite_mail_from_envelop(\"\")")]
    [InlineData("object f fqdn = \"b.org\"; add_rcpt_envelop(f)")]
    [InlineData("object i ip4 = \"1.2.3.4\"; bcc(i)")]
    [InlineData("object i identifier = \"john\"; remove_rcpt_envelop(i)")]
    [InlineData("rewrite_rcpt_envelop(\"green@example.com\", \"a\")")]
    [InlineData("rewrite_rcpt_envelop(\"a\", \"green@example.com\")")]
    [InlineData("bcc(5)")]
    [InlineData("bcc(\"a@b.org\\r\\nRCPT TO:<x@y.org>\")")]
    [InlineData("maildir(\"john\")")]
    public async Task What_is_no_address_is_an_error(string call)
    {
        var context = Site.Transaction();

        var outcome = await _site.RunAsync($"{call}; next()", context);

        Assert.StartsWith("invalid type conversion expected", outcome.Failure?.Message, StringComparison.Ordinal);
        Assert.Equal(2, context.Recipients.Count);
    }

    [Fact]
    public async Task Recipients_that_stay_keep_the_callers_tag_and_new_ones_are_delivered()
    {
        var context = Site.Transaction();

        await _site.RunAsync("forward_all(\"example.org\"); rewrite_rcpt_envelop(\"green@example.com\", \"a@b.org\"); next()", context);

        Assert.Equal([null, 2], context.Recipients.Select(r => r.Tag));
        Assert.Equal([RuleTransport.Deliver, RuleTransport.Forward], context.Recipients.Select(r => r.Transport));
    }

    [Theory]
    [InlineData("mbox(\"green@example.com\")", "Mbox", "Deliver")]
    [InlineData("maildir(rcpt())", "Deliver", "Maildir")]
    [InlineData("ctx().disable_delivery(\"blue@elsewhere.net\")", "Deliver", "None")]
    [InlineData("disable_delivery_all(); deliver(\"green@example.com\")", "Deliver", "None")]
    [InlineData("mbox_all()", "Mbox", "Mbox")]
    [InlineData("ctx().maildir_all()", "Maildir", "Maildir")]
    [InlineData("maildir_all(); forward(rcpt(), \"192.0.2.1:2525\")", "Maildir", "Forward 192.0.2.1:2525")]
    [InlineData("forward_all(\"example.com\"); deliver_all()", "Deliver", "Deliver")]
    [InlineData("forward_all(\"example.com\")", "Forward example.com", "Forward example.com")]
    [InlineData("forward_all(\"lmtp://127.0.0.1:2424\")", "Forward lmtp://127.0.0.1:2424", "Forward lmtp://127.0.0.1:2424")]
    [InlineData("object d fqdn = \"example.com\"; forward_all(d)", "Forward example.com", "Forward example.com")]
    [InlineData("object i ip6 = \"2001:db8::1\"; forward_all(i)", "Forward 2001:db8::1", "Forward 2001:db8::1")]
    [InlineData("forward_all(\"[fe80::1%eth0]:2525\")", "Forward [fe80::1%eth0]:2525", "Forward [fe80::1%eth0]:2525")]
    public async Task Transports_are_set_for_one_or_all(string call, string first, string second)
    {
        var context = Site.Transaction();

        var outcome = await _site.RunAsync($"{call}; next()", context);

        Assert.Null(outcome.Failure);
        Assert.Equal([first, second], context.Recipients.Select(r => $"{r.Transport} {r.Target}".Trim()));
    }

    [Theory]
    [InlineData("deliver(\"nobody@example.com\")", "the recipient `nobody@example.com` is not in the envelope")]
    [InlineData("forward(rcpt(), \"not a host\")", "`not a host` cannot be forwarded to")]
    [InlineData("forward_all(\"192.0.2.1:0\")", "`192.0.2.1:0` cannot be forwarded to")]
    [InlineData("forward_all(\"http://x\")", "`http://x` cannot be forwarded to: the URL begins with smtp://")]
    [InlineData("forward_all(\"smtp://x?tls=perhaps\")", "behind the question mark stands tls=none")]
    [InlineData("forward_all(\"smtp://me:secret@x:y\")", "`smtp://…@x:y` cannot be forwarded to: what the URL names is neither host nor host:port")]
    [InlineData("forward_all(\"smtp://secret@x\")", "`smtp://…@x` cannot be forwarded to: before the @ stands user:password, with blanks and quotes percent-encoded")]
    [InlineData("forward_all(\"lmtp://x:0\")", "`lmtp://x:0` cannot be forwarded to: what the URL names is neither host nor host:port")]
    [InlineData("forward_all(5)", "invalid type conversion")]
    public async Task A_bad_recipient_or_target_is_an_error(string call, string message)
    {
        var outcome = await _site.RunAsync($"{call}; next()", Site.Transaction());

        Assert.Contains(message, outcome.Failure?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_of_nobody_is_nothing()
    {
        var outcome = await _site.RunAsync("forward_all(\"example.com\"); mbox_all(); next()", Site.Connection(), Stage.Connect);

        Assert.Null(outcome.Failure);
    }

    [Fact]
    public async Task A_chain_of_rewrites_ends_where_it_should()
    {
        var context = Site.Transaction();

        await _site.RunAsync(
            """
            rewrite_mail_from_envelop("first@example.com"); rewrite_mail_from_envelop(new_address("last@example.com"));
            rewrite_rcpt_envelop("blue@elsewhere.net", "r1@example.com"); rewrite_rcpt_envelop("r1@example.com", "r2@example.com");
            add_rcpt_envelop("add1@example.com"); add_rcpt_envelop("add2@example.com"); remove_rcpt_envelop("add1@example.com");
            next()
            """,
            context);

        Assert.Equal("last@example.com", context.Sender!.Address!.ToString());
        Assert.Equal(["green@example.com", "r2@example.com", "add2@example.com"], context.Recipients.Select(r => r.Address.ToString()));
    }
}
