using System.Text;
using Vsmtp.Mail.Headers;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Tests;

/// <summary>The message's own author and recipients, and its whole text, as rules read and change them.</summary>
public sealed class MessageTests
{
    private const string Message =
        "DKIM-Signature: v=1; h=from;\r\n\tbh=x\r\nFROM: \"Doe, John\" <john@here.org>\r\nTo: A <a@x.org>,\r\n\t\"B, B\" <b@y.org> (me)\r\nno header\r\n\r\n";

    private readonly Site _site = new();

    /// <summary>Row R-MSG of the earlier program's suite.</summary>
    [Fact]
    public async Task A_list_that_is_added_to_rewritten_and_shortened_is_what_it_should_be()
    {
        var context = Site.Transaction("From: x@y.org\r\nTo: one@example.com, two@example.com\r\nDate: now\r\n\r\n");

        var outcome = await _site.RunAsync(
            """
            object one address = "one@example.com"; object fail ip4 = "192.0.2.1";
            add_rcpt_message("added1@example.com"); add_rcpt_message("added2@example.com"); msg().add_rcpt_message(new_address("added3@example.com"));
            remove_rcpt_message("added1@example.com"); remove_rcpt_message("nobody@example.com");
            rewrite_rcpt_message(one, "rewrite1@example.com"); rewrite_rcpt_message("two@example.com", "rewrite2@example.com");
            msg().remove_rcpt_message("added2@example.com");
            for wrong in [|f| add_rcpt_message(f), |f| remove_rcpt_message(f), |f| rewrite_rcpt_message(f, f), |f| rewrite_mail_from_message(f)] {
                let e = ""; try { wrong.call(fail); } catch (error) { e = error; }
                if !("invalid type conversion" in e) { throw `no error: ${e}` }
            }
            if get_header("To") != "rewrite1@example.com, rewrite2@example.com, added3@example.com" { throw get_header("to") }
            next()
            """,
            context);

        Assert.Null(outcome.Failure);
        Assert.Equal(
            "From: x@y.org\r\nTo: rewrite1@example.com, rewrite2@example.com,\r\n added3@example.com\r\nDate: now\r\n\r\n",
            Encoding.UTF8.GetString(context.Headers!.ToArray()));
    }

    [Theory]
    [InlineData("rewrite_mail_from_message(\"new@x.org\")", "FROM: \"Doe, John\" <john@here.org>", "FROM: new@x.org")]
    [InlineData("rewrite_rcpt_message(\"b@y.org\", \"c@d.org\")", "<b@y.org>", "<c@d.org>")]
    [InlineData("add_rcpt_message(\"c@d.org\")", "(me)", "(me), c@d.org")]
    [InlineData("remove_rcpt_message(\"a@x.org\")", "A <a@x.org>,\r\n\t", "")]
    [InlineData("remove_rcpt_message(\"b@y.org\")", ",\r\n\t\"B, B\" <b@y.org> (me)", "")]
    public async Task A_change_touches_its_own_bytes_only_and_can_be_made_again(string call, string old, string changed)
    {
        var context = Site.Transaction(Message);

        var outcome = await _site.RunAsync($"{call}; next()", context);

        Assert.Null(outcome.Failure);
        Assert.Equal(Message.Replace(old, changed, StringComparison.Ordinal), Encoding.UTF8.GetString(context.Headers!.ToArray()));
        var again = HeaderBlock.Parse(Encoding.UTF8.GetBytes(Message));
        foreach (var edit in context.Headers.Edits) again.Apply(edit);
        Assert.Equal(context.Headers.ToArray(), again.ToArray());
    }

    [Theory]
    [InlineData("a@b.org\\r\\nBcc: x@y.org")]
    [InlineData("a@b.org\\n")]
    [InlineData("a@b.org, c@d.org")]
    [InlineData("A <a@b.org>")]
    [InlineData("a@b.org\\x00")]
    [InlineData("\\\"a\\r\\n\\\"@b.org")]
    public async Task No_address_brings_another_header_or_mailbox_in(string hostile)
    {
        foreach (var call in (string[])["rewrite_mail_from_message", "add_rcpt_message", "remove_rcpt_message", "rewrite_mail_from"])
        {
            var context = Site.Transaction(Message);

            var outcome = await _site.RunAsync($"{call}(\"{hostile}\"); next()", context);

            Assert.StartsWith("invalid type conversion", outcome.Failure?.Message, StringComparison.Ordinal);
            Assert.Empty(context.Headers!.Edits);
            Assert.Equal("john.doe@example.com", context.Sender!.Address!.ToString());
        }
    }

    [Fact]
    public async Task A_list_that_nobody_can_read_is_a_script_error_and_stays()
    {
        var context = Site.Transaction("To: \"never closed <a@x.org>\r\n\r\n");

        var outcome = await _site.RunAsync("add_rcpt_message(\"b@y.org\"); next()", context);

        Assert.StartsWith("failed to parse the header `To`", outcome.Failure?.Message, StringComparison.Ordinal);
        Assert.Empty(context.Headers!.Edits);
    }

    [Fact]
    public async Task Both_senders_are_rewritten_at_once_or_neither_is()
    {
        var rewritten = Site.Transaction(Message);
        var unreadable = Site.Transaction(Message);

        var done = await _site.RunAsync("msg().rewrite_mail_from(\"new@x.org\"); next()", rewritten);
        var refused = await _site.RunAsync("rewrite_mail_from(\"new@\"); next()", unreadable);

        Assert.Null(done.Failure);
        Assert.Equal(("new@x.org", "new@x.org"), (rewritten.Sender!.Address!.ToString(), rewritten.Headers!.Get("From")));
        Assert.NotNull(refused.Failure);
        Assert.Equal(("john.doe@example.com", 0), (unreadable.Sender!.Address!.ToString(), unreadable.Headers!.Edits.Count));
    }

    [Theory]
    [InlineData("rewrite_mail_from(\"a@b.org\")")]
    [InlineData("add_rcpt_message(\"a@b.org\")")]
    public async Task Before_the_message_is_here_there_is_nothing_to_rewrite(string call)
    {
        var context = Site.Connection();

        var outcome = await _site.RunAsync($"{call}; next()", context, Stage.Mail);

        Assert.Equal("the field: `message` is not defined in the stage `mail`; the first stage that has it is `preq`", outcome.Failure?.Message);
        Assert.Null(context.Headers);
        Assert.Null(context.Sender);
    }

    [Fact]
    public async Task A_loop_fills_neither_the_message_nor_the_memory()
    {
        var full = Site.Transaction($"To: a@x.org\r\nX: {new string('x', 523_000)}\r\n\r\n");
        var growing = Site.Transaction("To: a@x.org\r\n\r\n");

        var refused = await _site.RunAsync("for i in 0..1000 { add_rcpt_message(\"b@y.org\") } next()", full);
        var spent = await _site.RunAsync("for i in 0..20000 { append_header(\"X\", \"y\"); add_rcpt_message(\"b@y.org\") } next()", growing);

        Assert.StartsWith("the header section would have more than", refused.Failure?.Message, StringComparison.Ordinal);
        Assert.StartsWith("Script needs too much memory", spent.Failure?.Message, StringComparison.Ordinal);
        Assert.Single(growing.Headers!.Edits, edit => edit is HeaderEdit.ReplaceField);
    }

    [Fact]
    public async Task The_whole_message_is_read_with_the_changes_of_rules()
    {
        var context = WithBody("Subject: s\r\n\r\n", "héllo\r\n.\r\n"u8.ToArray());

        Assert.Equal("X: 1\r\nSubject: s\r\n\r\nhéllo\r\n.\r\n", await _site.EvalAsync("prepend_header(\"X\", \"1\"); msg().mail", context));
    }

    [Fact]
    public async Task Bytes_that_are_no_utf8_are_read_one_by_one() =>
        Assert.Equal("\r\n\u00e9\u00ff", await _site.EvalAsync("mail()", WithBody("\r\n", [0xE9, 0xFF])));

    [Fact]
    public async Task A_message_larger_than_the_memory_of_the_rules_is_an_error_and_is_not_read()
    {
        var context = WithBody("\r\n", new byte[100_000]);
        context.OpenBody = _ => throw new InvalidOperationException("It is read.");
        var site = new Site { Limits = BudgetLimits.Default with { MaxAllocatedBytes = 150_000 } };

        var outcome = await site.RunAsync("let seen = \"\"; try { mail() } catch (e) { seen = e; } quarantine(if \"the message has 100002 bytes\" in seen { \"told\" } else { \"not\" })", context);

        Assert.Equal("told", outcome.Quarantine);
    }

    [Fact]
    public async Task Reading_it_again_and_again_spends_the_budget()
    {
        var context = WithBody("\r\n", new byte[100_000]);

        var outcome = await _site.RunAsync("loop { try { mail(); } catch { } }", context);

        Assert.NotNull(outcome.Failure);
    }

    [Fact]
    public async Task Before_the_message_is_here_it_is_what_rules_have_added() =>
        Assert.Equal("X: 1\r\n", await _site.EvalAsync("append_header(\"X\", \"1\"); mail()", Site.Connection(), Stage.Mail));

    [Theory]
    [InlineData("mail_from() == \"\"")]
    [InlineData("ctx::mail_from() == \"null\"")]
    [InlineData("ctx::mail_from() != \"nullable@b.org\"")]
    public async Task The_null_sender_is_known_as_in_both_generations(string script)
    {
        var context = Site.Transaction();
        context.Sender = Mail.Addresses.ReversePath.Null;

        Assert.Equal("true", await _site.EvalAsync(script, context));
    }

    private static RuleContext WithBody(string headers, byte[] body)
    {
        var context = Site.Transaction(headers);
        context.MessageBytes = headers.Length + body.Length;
        context.OpenBody = _ => Task.FromResult<Stream>(new MemoryStream(body));
        return context;
    }
}
