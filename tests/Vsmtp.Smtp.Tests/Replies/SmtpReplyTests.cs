using System.Buffers;
using System.Text;
using Vsmtp.Smtp.Replies;
using Vsmtp.Smtp.Server;

namespace Vsmtp.Smtp.Tests.Replies;

/// <summary>Replies and their enhanced codes (RFC 2034, RFC 3463), read and written.</summary>
public sealed class SmtpReplyTests
{
    [Theory]
    [InlineData("250 Ok", 250, null, "Ok")]
    [InlineData("250 ", 250, null, "")]
    [InlineData("250", 250, null, "")]
    [InlineData("501 5.1.7 text", 501, "5.1.7", "text")]
    [InlineData("504 5.5.4", 504, "5.5.4", "")]
    [InlineData("250 5.5.4 other class", 250, null, "5.5.4 other class")]
    [InlineData("550 5.5 text", 550, null, "5.5 text")]
    [InlineData("550 5.1000.1 text", 550, null, "5.1000.1 text")]
    public void A_line_is_read(string line, int code, string? enhanced, string text)
    {
        Assert.True(SmtpReply.TryParse(line, out var reply));
        Assert.Equal((code, enhanced, text), (reply.Code, reply.Enhanced?.ToString(), reply.Text));
    }

    [Fact]
    public void Lines_are_read_with_the_enhanced_code_of_each()
    {
        Assert.True(SmtpReply.TryParse("550-5.7.1 first\r\n550-second\r\n550 5.7.1 third\r\n", out var reply));
        Assert.Equal(["first", "second", "third"], reply.Lines);
        Assert.Equal(new EnhancedCode(5, 7, 1), reply.Enhanced);
        Assert.Equal(reply, SmtpReply.TryParse(reply.ToString(), out var again) ? again : null);
    }

    [Theory]
    [InlineData("")]
    [InlineData("25")]
    [InlineData("abc def")]
    [InlineData("150 preliminary")]
    [InlineData("650 beyond")]
    [InlineData("250_Ok")]
    [InlineData("2500 Ok")]
    public void What_is_no_reply_is_refused(string line) => Assert.False(SmtpReply.TryParse(line, out _));

    [Theory]
    [InlineData(250, true, false, false)]
    [InlineData(354, false, false, false)]
    [InlineData(451, false, true, false)]
    [InlineData(550, false, false, true)]
    public void The_first_digit_tells_the_kind(int code, bool isPositive, bool isTransient, bool isPermanent)
    {
        var reply = new SmtpReply(code, "x");
        Assert.Equal((isPositive, isTransient, isPermanent), (reply.IsPositive, reply.IsTransient, reply.IsPermanent));
        Assert.Equal(code >= 400, reply.IsNegative);
    }

    [Fact]
    public void A_text_has_no_line_breaks_and_one_line_at_least()
    {
        Assert.Equal(["a", "b"], new SmtpReply(250, "a\r\n\r\nb\n").Lines);
        Assert.Equal([""], new SmtpReply(250, "").Lines);
        Assert.Equal([""], new SmtpReply(250, enhanced: null).Lines);
        Assert.Throws<ArgumentOutOfRangeException>(() => new SmtpReply(199, "x"));
    }

    [Fact]
    public void Two_replies_become_one_under_the_second_code()
    {
        var both = new SmtpReply(501, "5.5.4", "Syntax error").Then(SmtpReplies.TooManyErrors);
        Assert.Equal("451-4.7.0 Syntax error\n451 4.7.0 Too many errors from the client", both.ToString());
    }

    /// <summary>RFC 2034 §4: all but 354 and what answers HELO have an enhanced code.</summary>
    [Fact]
    public void Every_reply_of_the_table_says_the_same_in_both_codes()
    {
        AssertCodes(typeof(SmtpReplies), null, nameof(SmtpReplies.DataStart));
        AssertCodes(typeof(SmtpReplySet), new SmtpReplySet(), nameof(SmtpReplySet.DataStart), nameof(SmtpReplySet.Helo));
    }

    private static void AssertCodes(Type table, object? instance, params string[] bare)
    {
        var replies = table.GetProperties().Where(property => property.PropertyType == typeof(SmtpReply))
            .ToDictionary(property => property.Name, property => (SmtpReply)property.GetValue(instance)!);
        Assert.Equal(bare.Order(), replies.Where(reply => reply.Value.Enhanced is null).Select(reply => reply.Key).Order());
        Assert.All(replies.Values, reply => Assert.Equal(reply.Code / 100, reply.Enhanced?.Class ?? reply.Code / 100));
        Assert.All(replies.Values, reply => Assert.Single(reply.Lines));
    }

    [Fact]
    public void Lines_are_written_with_the_codes_on_each()
    {
        var reply = new SmtpReply(550, new EnhancedCode(5, 7, 1), "first", "second");
        Assert.Equal("550-5.7.1 first\r\n550 5.7.1 second\r\n", Write(reply));
        Assert.Equal("550-first\r\n550 second\r\n", Write(reply, withEnhancedCode: false));
        Assert.Equal("550 \r\n", Write(new SmtpReply(550, "")));
    }

    [Theory]
    [InlineData('x')]
    [InlineData('é')]
    [InlineData('界')]
    public void A_long_text_is_cut_into_lines_of_512_octets_and_no_character_is_lost(char character)
    {
        var text = new string(character, 2000);
        var lines = Write(new SmtpReply(250, "2.0.0", text)).Split("\r\n")[..^1];
        Assert.All(lines, line => Assert.InRange(Encoding.UTF8.GetByteCount(line) + 2, 1, 512));
        Assert.All(lines[..^1], line => Assert.StartsWith("250-2.0.0 ", line, StringComparison.Ordinal));
        Assert.StartsWith("250 2.0.0 ", lines[^1], StringComparison.Ordinal);
        Assert.Equal(text, string.Concat(lines.Select(line => line[10..])));
    }

    [Fact]
    public void Control_characters_do_not_reach_the_peer() => Assert.Equal("250 a?b?c\r\n", Write(new SmtpReply(250, "a\0b\u001bc")));

    [Fact]
    public void A_reply_is_read_off_the_wire_when_its_last_line_is_there()
    {
        var whole = "250-mx.example\r\n250-PIPELINING\r\n250 DSN\r\n354 go\r\n"u8.ToArray();
        var firstEnd = whole.AsSpan().IndexOf("354"u8);
        for (var length = 0; length < firstEnd; length++)
        {
            var part = new ReadOnlySequence<byte>(whole, 0, length);
            Assert.Equal(ReplyReadResult.Incomplete, SmtpReplyParser.TryRead(ref part, out _));
            Assert.Equal(length, part.Length);
        }

        var input = new ReadOnlySequence<byte>(whole);
        Assert.Equal(ReplyReadResult.Complete, SmtpReplyParser.TryRead(ref input, out var reply));
        Assert.Equal(["mx.example", "PIPELINING", "DSN"], reply!.Lines);
        Assert.Equal(ReplyReadResult.Complete, SmtpReplyParser.TryRead(ref input, out reply));
        Assert.Equal(new SmtpReply(354, "go"), reply);
        Assert.Equal(ReplyReadResult.Incomplete, SmtpReplyParser.TryRead(ref input, out _));
    }

    [Fact]
    public void What_never_ends_or_is_no_reply_is_malformed()
    {
        var endless = new ReadOnlySequence<byte>(Encoding.ASCII.GetBytes(
            string.Concat(Enumerable.Repeat("250-x\r\n", SmtpReplyParser.MaxReplyBytes / 7 + 1))));
        Assert.Equal(ReplyReadResult.Malformed, SmtpReplyParser.TryRead(ref endless, out _));
        var oneLine = new ReadOnlySequence<byte>(new byte[SmtpReplyParser.MaxReplyBytes + 1]);
        Assert.Equal(ReplyReadResult.Malformed, SmtpReplyParser.TryRead(ref oneLine, out _));
        var http = new ReadOnlySequence<byte>("HTTP/1.1 400 Bad Request\r\n"u8.ToArray());
        Assert.Equal(ReplyReadResult.Malformed, SmtpReplyParser.TryRead(ref http, out _));
    }

    private static string Write(SmtpReply reply, bool withEnhancedCode = true)
    {
        var output = new ArrayBufferWriter<byte>();
        SmtpReplyWriter.Write(output, reply, withEnhancedCode);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
