using Vsmtp.Configuration.Options;

namespace Vsmtp.Configuration.Tests;

public sealed class ReplyCodesTests
{
    [Fact]
    public void Every_name_has_a_reply_and_the_domain_is_filled_in()
    {
        var codes = Reading.Server("server.domain = \"mta.example.org\"").Smtp.Codes;
        Assert.All(Enum.GetValues<ReplyName>(), name => Assert.InRange(codes[name].Code, 200, 559));
        Assert.Equal("220 mta.example.org Service ready", codes[ReplyName.Greetings].ToString());
        Assert.Equal("554 5.5.1 Error: TLS already active", codes[ReplyName.AlreadyUnderTLS].ToString());
        Assert.Equal(421, codes[ReplyName.ConnectionMaxReached].Code);
        Assert.Equal(421, codes[ReplyName.Timeout].Code);
        Assert.Empty(codes.Overrides);
    }

    [Fact]
    public void A_reply_is_a_text_or_a_table()
    {
        var codes = Reading.Server("""
            [server]
            domain = "mta.example.org"
            [server.smtp.codes]
            Denied = "550 5.7.1 no, says {domain}"
            Greetings = "220 {domain} at your service"
            Failure = { code = 451, enhanced = "4.3.0", text = "later" }
            Ok = { code = 250, text = "5.7.1 is no code here" }
            """).Smtp.Codes;
        Assert.Equal(new(550, "5.7.1", "no, says mta.example.org"), codes[ReplyName.Denied]);
        Assert.Equal(new(220, null, "mta.example.org at your service"), codes[ReplyName.Greetings]);
        Assert.Equal(new(451, "4.3.0", "later"), codes[ReplyName.Failure]);
        Assert.Equal(new(250, null, "5.7.1 is no code here"), codes[ReplyName.Ok]);
        Assert.Equal([ReplyName.Greetings, ReplyName.Ok, ReplyName.Failure, ReplyName.Denied], codes.Overrides.Keys);
    }

    [Theory]
    [InlineData("Denied = \"250 fine\"", "must stay a 4yz or 5yz reply")]
    [InlineData("Greetings = \"554 go away\"", "must stay a 2yz reply")]
    [InlineData("DataStart = \"250 go on\"", "must stay a 3yz reply")]
    [InlineData("DataStart = \"355 go on\"", "must stay 354 (RFC 5321 §4.2.3); it is 355")]
    [InlineData("Denied = \"590 no\"", "has a code that no reply can have: 590")]
    [InlineData("Denied = \"no\"", "must be a reply such as")]
    [InlineData("Denied = \"99 no\"", "must be a reply such as")]
    [InlineData("Denied = 554", "must be a reply such as \"554 5.7.1 no relaying\", not an integer")]
    [InlineData("Denied = \"554 4.7.1 no\"", "must have an enhanced code of the form 5.y.z")]
    [InlineData("Denied = { code = 554, enhanced = \"5.7\", text = \"no\" }", "must have an enhanced code of the form 5.y.z")]
    [InlineData("Denied = \"554 no\\r\\n250 yes\"", "must be one line of printable ASCII")]
    [InlineData("Denied = \"554 grüße\"", "must be one line of printable ASCII")]
    [InlineData("Denied = { code = 554 }", ".text is missing")]
    [InlineData("Denied = { text = \"no\" }", ".code is missing")]
    [InlineData("Denied = { code = 700, text = \"no\" }", ".code must be from 200 to 559, not 700")]
    [InlineData("Denied = { code = 554, txt = \"no\", text = \"\" }", "unknown key 'server.smtp.codes.Denied.txt'; did you mean 'text'?")]
    [InlineData("Denyed = \"554 no\"", "unknown key 'server.smtp.codes.Denyed'; did you mean 'Denied'?")]
    public void A_reply_that_would_break_the_protocol_is_refused(string code, string expected)
    {
        Assert.Contains(expected, Reading.Error("[server.smtp.codes]\n" + code).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reply_line_has_at_most_512_octets_with_its_end()
    {
        string Reply(int length) => $"server.domain = \"mta.example.org\"\nserver.smtp.codes.Denied = \"554 {{domain}} {new string('x', length - 20)}\"";
        Assert.Equal(510, Reading.Server(Reply(510)).Smtp.Codes[ReplyName.Denied].ToString().Length);
        Assert.Contains("must be at most 510 octets long", Reading.Error(Reply(511)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_own_answer_to_ehlo_is_a_warning()
    {
        Assert.Contains(
            "server.smtp.codes.EhloPain has no effect: the answer to EHLO is made of what the server offers",
            Reading.Warnings("server.smtp.codes.EhloPain = \"250 hi\""));
    }
}
