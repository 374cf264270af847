using System.Text;
using Vsmtp.Mail.Headers;

namespace Vsmtp.Rules.Tests;

public sealed class HeaderTests
{
    private const string Message = "Received: one\r\nX-A: first\r\n folded\r\nSubject: hello\r\nno colon here\r\nX-a: second\r\n\r\n";

    private readonly Site _site = new();

    [Theory]
    [InlineData("has_header(\"x-A\")", "true")]
    [InlineData("has_header(\"X-B\")", "false")]
    [InlineData("object n identifier = \"subject\"; has_header(n)", "true")]
    [InlineData("msg().has_header(\"Subject\")", "true")]
    [InlineData("sys::has_header(msg(), \"Subject\")", "true")]
    [InlineData("get_header(\"x-a\")", "first folded")]
    [InlineData("get_header(\"X-B\")", "")]
    [InlineData("count_header(\"X-A\")", "2")]
    [InlineData("get_all_headers(\"X-A\")", "[\"first folded\", \"second\"]")]
    [InlineData("get_all_headers().len", "5")]
    [InlineData("get_all_headers()[2]", "Subject: hello")]
    [InlineData("sys::get_headers(msg(), \"x-a\", 1)", "[\"X-A:first folded\"]")]
    [InlineData("get_headers(\"x-a\", 5).len", "2")]
    [InlineData("msg::get_header_untouched(\"x-a\")", "[\"X-A: first\\r\\n folded\", \"X-a: second\"]")]
    [InlineData("msg::get_header_untouched(\"X-B\")", "[]")]
    [InlineData("get_headers(\"x-a\", -5).len", "0")]
    public async Task Headers_are_read_without_regard_to_case_past_lines_that_are_none(string script, string text) =>
        Assert.Equal(text, await _site.EvalAsync(script, Site.Transaction(Message)));

    [Theory]
    [InlineData("append_header(\"X-N\", \"v\")", "Subject: a\r\nX-B: b\r\n c\r\nX-N: v\r\n\r\n")]
    [InlineData("prepend_header(\"X-N\", \"v\")", "X-N: v\r\nSubject: a\r\nX-B: b\r\n c\r\n\r\n")]
    [InlineData("msg().prepend_header(\"X-N\", rcpt())", "X-N: blue@elsewhere.net\r\nSubject: a\r\nX-B: b\r\n c\r\n\r\n")]
    [InlineData("set_header(\"x-b\", \"v\")", "Subject: a\r\nx-b: v\r\n\r\n")]
    [InlineData("set_header(\"X-N\", \"v\")", "Subject: a\r\nX-B: b\r\n c\r\nX-N: v\r\n\r\n")]
    [InlineData("rename_header(\"x-b\", \"X-C\")", "Subject: a\r\nX-C: b\r\n c\r\n\r\n")]
    [InlineData("rename_header(\"X-N\", \"X-C\")", "Subject: a\r\nX-B: b\r\n c\r\n\r\n")]
    [InlineData("if !remove_header(\"X-B\") { throw 1 } if remove_header(\"X-B\") { throw 2 }", "Subject: a\r\n\r\n")]
    public async Task Changes_are_made_and_leave_all_other_bytes_alone(string call, string expected)
    {
        var context = Site.Transaction("Subject: a\r\nX-B: b\r\n c\r\n\r\n");

        var outcome = await _site.RunAsync($"{call}; next()", context);

        Assert.Null(outcome.Failure);
        Assert.Equal(expected, Encoding.UTF8.GetString(context.Headers!.ToArray()));
    }

    [Fact]
    public async Task Changes_are_recorded_so_that_they_can_be_made_again()
    {
        var context = Site.Transaction("Subject: a\r\n\r\n");

        await _site.RunAsync("prepend_header(\"X-1\", \"a\"); set_header(\"Subject\", \"b\"); remove_header(\"X-No\"); next()", context);

        Assert.Equal([new HeaderEdit.Prepend("X-1", "a"), new HeaderEdit.Set("Subject", "b")], context.Headers!.Edits);
    }

    [Theory]
    [InlineData("append_header(\"X-A\", \"v\\r\\nBcc: x@y.org\")", "has a line break or a NUL")]
    [InlineData("append_header(\"X-A\", \"v\\nBcc: x@y.org\")", "has a line break or a NUL")]
    [InlineData("append_header(\"X-A\", \"v\\x00\")", "has a line break or a NUL")]
    [InlineData("set_header(\"Subject\", \"\\r\\n\\r\\nbody\")", "has a line break or a NUL")]
    [InlineData("prepend_header(\"X A\", \"v\")", "`X A` cannot be the name of a header")]
    [InlineData("prepend_header(\"X-A: v\\r\\nX-B\", \"v\")", "cannot be the name of a header")]
    [InlineData("prepend_header(\"\", \"v\")", "`` cannot be the name of a header")]
    [InlineData("rename_header(\"Subject\", \"X:\")", "`X:` cannot be the name of a header")]
    [InlineData("append_header(\"X-VSMTP-Delegation\", \"sent\")", "is the server's own")]
    [InlineData("rename_header(\"Subject\", \"x-vsmtp-delegation\")", "is the server's own")]
    [InlineData("append_header(5, \"v\")", "invalid type conversion expected a string or an object, got i64")]
    [InlineData("append_header(\"X\", [])", "invalid type conversion expected a string or an object, got array")]
    public async Task Hostile_names_and_values_are_refused_and_change_nothing(string call, string message)
    {
        const string Headers = "Subject: a\r\n\r\n";
        var context = Site.Transaction(Headers);

        var outcome = await _site.RunAsync($"{call}; next()", context);

        Assert.Contains(message, outcome.Failure?.Message, StringComparison.Ordinal);
        Assert.Equal(Headers, Encoding.UTF8.GetString(context.Headers!.ToArray()));
        Assert.Empty(context.Headers.Edits);
    }

    [Fact]
    public async Task Headers_added_before_the_message_go_in_front_of_its_own_in_their_order()
    {
        var context = Site.Connection();

        await _site.RunAsync("append_header(\"X-1\", \"a\"); append_header(\"X-2\", get_header(\"X-1\")); next()", context, Stage.Mail);
        context.TakeMessage(HeaderBlock.Parse("Subject: s\r\n\r\n"u8.ToArray()), 100);

        Assert.Equal("X-1: a\r\nX-2: a\r\nSubject: s\r\n\r\n", Encoding.UTF8.GetString(context.Headers!.ToArray()));
        Assert.Equal([new HeaderEdit.Prepend("X-2", "a"), new HeaderEdit.Prepend("X-1", "a")], context.Headers.Edits);
        Assert.Equal(100, context.MessageBytes);
    }

    [Fact]
    public async Task A_reset_forgets_what_rules_added_for_the_mail_before()
    {
        var context = Site.Transaction();
        await _site.RunAsync("append_header(\"X-1\", \"a\"); next()", context);

        context.ForgetMail();

        Assert.Null(context.Headers);
        Assert.Null(context.Sender);
        Assert.Empty(context.Recipients);
        Assert.Equal("client.example.com", context.Helo);
    }
}
