using Vsmtp.EndToEnd.Tests.Support;
using Vsmtp.Smtp.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Wire;

/// <summary>How long what a client says may be, of which octets, and how long our lines are (RFC 5321 §2.4, §4.5.3.1).</summary>
public sealed class LengthTests(WireSite site) : IClassFixture<WireSite>
{
    private const string Mail = "MAIL FROM:<john@example.org>";
    private const string Rcpt = "RCPT TO:<jane@example.com>";

    /// <summary>SIZE, BODY, SMTPUTF8, AUTH, RET and ENVID have their shares (RFC 1870 §3, RFC 6152 §2, RFC 6531 §3.1, RFC 4954 §3, RFC 3461 §4).</summary>
    private const int MailOctets = 512 + 26 + 17 + 10 + 500 + 9 + 107;

    /// <summary>NOTIFY and ORCPT (RFC 3461 §4).</summary>
    private const int RcptOctets = 512 + 29 + 507;

    /// <summary>What is as long as may be, and what is one octet longer: with the code of each.</summary>
    public static TheoryData<string, string, string, int, int> Limits()
    {
        var domain = string.Join('.', Enumerable.Repeat(new string('b', 63), 4));
        static string Padded(string start, int octets) => start + new string(' ', octets - start.Length - 2);
        static string Filled(string start, int octets) => start + new string('x', octets - start.Length - 2);
        return new TheoryData<string, string, string, int, int>
        {
            { "a command", Filled("NOOP ", 512), Filled("NOOP ", 513), 250, 500 },
            { "a long command", Filled("HELP ", 512), Filled("HELP ", 4096), 214, 500 },
            { "an unknown command", Filled("BLURDYBLOOP ", 512), Filled("BLURDYBLOOP ", 513), 500, 500 },
            { "MAIL", Padded(Mail, MailOctets), Padded(Mail, MailOctets + 1), 250, 500 },
            { "RCPT", Padded(Rcpt, RcptOctets), Padded(Rcpt, RcptOctets + 1), 250, 500 },
            { "a local part", $"MAIL FROM:<{new string('a', 64)}@b.example>", $"MAIL FROM:<{new string('a', 65)}@b.example>", 250, 501 },
            { "a recipient's local part", $"RCPT TO:<{new string('a', 64)}@b.example>", $"RCPT TO:<{new string('a', 65)}@b.example>", 250, 501 },
            { "a label", $"MAIL FROM:<a@{new string('b', 63)}.example>", $"MAIL FROM:<a@{new string('b', 64)}.example>", 250, 501 },
            { "a path", $"MAIL FROM:<a@{domain[3..]}>", $"MAIL FROM:<a@{domain[2..]}>", 250, 501 },
            { "a recipient's path", $"RCPT TO:<a@{domain[3..]}>", $"RCPT TO:<a@{domain[2..]}>", 250, 501 },
            { "a domain", $"EHLO {domain}", $"EHLO {domain}b", 250, 501 },
            { "SIZE", $"{Mail} SIZE={new string('0', 20)}", $"{Mail} SIZE={new string('0', 21)}", 250, 501 },
            { "ENVID", $"{Mail} ENVID={new string('e', 100)}", $"{Mail} ENVID={new string('e', 101)}", 250, 501 },
            { "AUTH", $"{Mail} AUTH={new string('u', 500)}", $"{Mail} AUTH={new string('u', 501)}", 250, 501 },
            { "ORCPT", $"{Rcpt} ORCPT=rfc822;{new string('o', 493)}", $"{Rcpt} ORCPT=rfc822;{new string('o', 494)}", 250, 501 },
        };
    }

    [Theory]
    [MemberData(nameof(Limits))]
    public async Task What_is_as_long_as_may_be_is_taken_and_one_octet_more_is_not(string what, string taken, string refused, int code, int error)
    {
        foreach (var door in new[] { Door.Client, Door.TlsFirst, Door.Receiver })
        {
            using var client = await site.OpenAsync(door);
            var reply = await AnswerAsync(client, taken);
            Assert.True(reply.StartsWith($"{code} ", StringComparison.Ordinal) && !reply.Contains("too long", StringComparison.Ordinal), $"{what}: {reply}");
            reply = await AnswerAsync(client, refused);
            Assert.True(reply.StartsWith($"{error} 5.", StringComparison.Ordinal), $"{what}: {reply}");
            if (error == 500) Assert.Equal("500 5.5.2 Syntax error, line too long", reply);
            Assert.Equal("250 2.0.0 Ok", await client.AskAsync("NOOP"));
        }

        // The last line of a reply of several.
        static async Task<string> AnswerAsync(TlsClient client, string line)
        {
            Assert.StartsWith("250", await client.AskAsync("RSET"), StringComparison.Ordinal);
            if (line.StartsWith("RCPT", StringComparison.Ordinal)) Assert.StartsWith("250", await client.AskAsync(Mail), StringComparison.Ordinal);
            return (await client.AskAsync(line)).Split('\n')[^1];
        }
    }

    [Fact]
    public async Task A_line_that_does_not_end_is_answered_and_the_connection_closed()
    {
        using var client = await site.OpenAsync(Door.Client);
        await client.SendAsync(new string('x', 100_000));
        var heard = await client.ReadToEndAsync();
        Assert.True(heard is "" || heard.StartsWith("500 5.5.2 ", StringComparison.Ordinal), heard);
    }

    /// <summary>All but TAB, CR and LF, which have a meaning of their own; where they are octets of UTF-8, one alone is none.</summary>
    [Theory]
    [InlineData(Door.Client, "EHLO a{0}b.example")]
    [InlineData(Door.Client, "MAIL FROM:<a{0}b@example.org>")]
    [InlineData(Door.Client, "MAIL FROM:<\"a{0}b\"@example.org>")]
    [InlineData(Door.Client, "MAIL FROM:<a@b{0}.example.org>")]
    [InlineData(Door.Client, "RCPT TO:<a{0}b@example.com>")]
    [InlineData(Door.Client, "RCPT TO:<jane@example.com> ORCPT=rfc822;a{0}b")]
    [InlineData(Door.Client, "MAIL FROM:<john@example.org> ENVID=a{0}b")]
    [InlineData(Door.TlsFirst, "MAIL FROM:<john@example.org> SIZE=1{0}")]
    [InlineData(Door.TlsFirst, "NO{0}OP")]
    [InlineData(Door.Receiver, "MAIL FROM:<john@example.org> ENVID=a{0}b")]
    public async Task Control_characters_and_octets_beyond_ASCII_are_refused_and_the_session_goes_on(Door door, string form)
    {
        using var client = await site.OpenAsync(door);
        if (form.StartsWith("RCPT", StringComparison.Ordinal)) Assert.StartsWith("250", await client.AskAsync(Mail), StringComparison.Ordinal);
        var odd = Enumerable.Range(0, 256).Where(octet => octet is (< ' ' or >= 0x7F) and not ('\t' or '\r' or '\n')).Select(octet => $"{(char)octet}");
        foreach (var said in odd.Append(Messages.Utf8("ö")).Append(Messages.Utf8("😀")))
        {
            var reply = await client.AskAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, form, said));
            Assert.True(IsRefusal(reply, said), $"{FalseEnds.Shown(said)}: {reply}");
        }

        Assert.Equal("250 2.0.0 Ok", await client.AskAsync("NOOP"));

        // A name at EHLO may be of any script where SMTPUTF8 is announced (RFC 6531 §3.7.1).
        bool IsRefusal(string reply, string said) =>
            (reply is ['5', _, _, ' ', '5', '.', ..] || (said.Length > 1 && form.StartsWith("EHLO", StringComparison.Ordinal) && reply is ['2', ..]))
            && reply.All(c => c is '\n' or (>= ' ' and <= '~'));
    }

    [Fact]
    public async Task No_line_of_ours_has_more_than_512_octets_whatever_a_rule_says()
    {
        static string Many(string text) => string.Concat(Enumerable.Repeat(text, 700));
        string[] texts = [Many("xyz"), Many("€"), Many("😀-"), new string('x', 500), new string('x', 501), new string('x', 502), new string('x', 503)];
        var rules = string.Concat(texts.Select((text, i) => $$"""rule "{{i}}" || if rcpt().local_part == "r{{i}}" { info("550 5.7.1 {{text}}") } else { next() },"""));
        await using var odd = await RunningSite.StartAsync($"#{{ rcpt: [ {rules} ] }}");
        using var client = await RawSmtp.OpenAsync(odd.Site.ClientPort);
        await client.AskAsync(Mail);
        for (var i = 0; i < texts.Length; i++)
        {
            var reply = await client.AskAsync($"RCPT TO:<r{i}@example.com>");
            var lines = reply.Split('\n');
            Assert.All(lines, line => Assert.StartsWith("5.7.1 ", line[4..], StringComparison.Ordinal));
            Assert.All(lines, line => Assert.InRange(line.Length + 2, 5, 512));
            Assert.Equal(Messages.Utf8(texts[i]), string.Concat(lines.Select(line => line[10..])));
        }

        Assert.Equal("250 2.0.0 Ok", await client.AskAsync("NOOP"));
    }
}
