using System.Text;
using Vsmtp.Smtp.Commands;
using Vsmtp.Smtp.Replies;
using Vsmtp.Smtp.Server;
using Vsmtp.Smtp.Tests.Support;

namespace Vsmtp.Smtp.Tests.Server;

/// <summary>Each length of RFC 5321 §4.5.3.1 and of the extensions: what is as long is taken, and one octet more is not.</summary>
public sealed class LengthTests
{
    private const string Hello = "EHLO a.example\r\n";
    private const string Mail = "MAIL FROM:<a@b.example>\r\n";

    private static readonly SmtpServerOptions Options = SessionHarness.Options with { SoftErrorCount = -1, HardErrorCount = -1 };
    private static readonly string DomainOf255 = string.Join('.', Enumerable.Repeat(new string('b', 63), 4));

    private readonly RecordingPolicy _policy = new();

    [Theory]
    [InlineData("NOOP ", SmtpCommandLimits.Command, 250)]
    [InlineData("HELP ", SmtpCommandLimits.Command, 214)]
    [InlineData("BLURDYBLOOP ", SmtpCommandLimits.Command, 500)]
    [InlineData("VRFY ", SmtpCommandLimits.Command, 502)]
    public async Task A_line_of_512_octets_is_read_and_one_of_513_is_not(string start, int limit, int code)
    {
        string Line(int octets) => start + new string('x', octets - start.Length - 2) + "\r\n";
        var said = await SayAsync(Line(limit) + Line(limit + 1) + "NOOP\r\n");
        Assert.StartsWith($"{code} ", said[1], StringComparison.Ordinal);
        Assert.Equal("500 5.5.2 Syntax error, line too long", said[2]);
        Assert.StartsWith("250", said[3], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_extensions_add_to_MAIL_and_RCPT_is_added_and_no_octet_more()
    {
        string Padded(string start, int octets) => start + new string(' ', octets - start.Length - 2) + "\r\n";
        var said = await SayAsync(
            Hello + Padded("MAIL FROM:<a@b.example>", SmtpCommandLimits.Mail) + "RSET\r\n"
            + Padded("MAIL FROM:<a@b.example>", SmtpCommandLimits.Mail + 1)
            + Mail + Padded("RCPT TO:<c@d.example>", SmtpCommandLimits.Rcpt) + Padded("RCPT TO:<c@d.example>", SmtpCommandLimits.Rcpt + 1));
        Assert.Equal([220, 250, 250, 250, 500, 250, 250, 500], Codes(said));
    }

    public static TheoryData<string, int> Paths() => new()
    {
        { $"{new string('a', 64)}@b.example", 250 },
        { $"{new string('a', 65)}@b.example", 501 },
        { $"\"{new string('a', 62)}\"@b.example", 250 },
        { $"\"{new string('a', 63)}\"@b.example", 501 },
        { $"a@{new string('b', 63)}.example", 250 },
        { $"a@{new string('b', 64)}.example", 501 },

        // A domain of 255 octets fits no path of 256: the path's limit is the nearer one.
        { $"a@{DomainOf255[3..]}", 250 },
        { $"a@{DomainOf255[2..]}", 501 },
        { $"@{DomainOf255[100..]}:a@{new string('b', 63)}.{new string('c', 31)}", 250 },
        { $"@{DomainOf255[100..]}:a@{new string('b', 63)}.{new string('c', 32)}", 501 },
    };

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task A_local_part_of_64_a_label_of_63_and_a_path_of_256_octets_are_taken(string address, int code)
    {
        var said = await SayAsync($"{Hello}MAIL FROM:<{address}>\r\nRSET\r\n{Mail}RCPT TO:<{address}>\r\n");
        Assert.Equal([220, 250, code, 250, 250, code], Codes(said));
    }

    [Fact]
    public async Task A_name_of_255_octets_is_taken_behind_EHLO()
    {
        var said = await SayAsync($"EHLO {DomainOf255}\r\nEHLO {DomainOf255}b\r\nEHLO {DomainOf255}.b\r\n");
        Assert.Equal([220, 250, 501, 501], Codes(said));
    }

    [Theory]
    [InlineData("MAIL FROM:<a@b.example> SIZE={0}", '0', 20)]
    [InlineData("MAIL FROM:<a@b.example> ENVID={0}", 'e', 100)]
    [InlineData("MAIL FROM:<a@b.example> AUTH={0}", 'u', 500)]
    public async Task A_parameter_has_a_length_too(string line, char filler, int limit)
    {
        string Of(int length) => string.Format(System.Globalization.CultureInfo.InvariantCulture, line, new string(filler, length)) + "\r\n";
        Assert.Equal([220, 250, 250, 250, 501], Codes(await SayAsync(Hello + Of(limit) + "RSET\r\n" + Of(limit + 1))));
    }

    [Fact]
    public async Task An_original_recipient_has_500_octets_and_those_beyond_ASCII_are_for_SMTPUTF8()
    {
        string Rcpt(int length) => $"RCPT TO:<c@d.example> ORCPT=rfc822;{new string('o', length - 7)}\r\n";
        Assert.Equal([220, 250, 250, 250, 501], Codes(await SayAsync(Hello + Mail + Rcpt(500) + Rcpt(501))));

        const string Utf8 = "RCPT TO:<c@d.example> ORCPT=utf-8;jöhn@d.example\r\n";
        var said = await SayAsync($"{Hello}{Mail}{Utf8}RSET\r\nMAIL FROM:<a@b.example> SMTPUTF8\r\n{Utf8}");
        Assert.Equal([220, 250, 250, 553, 250, 250, 250], Codes(said));
        Assert.StartsWith("553 5.6.7", said.First(line => line.StartsWith("553", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_last_recipient_of_the_limit_is_taken_and_the_next_waits_for_another_transaction()
    {
        const int Limit = 100;
        var recipients = string.Concat(Enumerable.Range(0, Limit + 2).Select(i => $"RCPT TO:<c{i}@d.example>\r\n"));
        var said = await SayAsync($"{Hello}{Mail}{recipients}DATA\r\nx\r\n.\r\n", Options with { MaxRecipients = Limit });
        Assert.Equal([220, 250, 250, .. Enumerable.Repeat(250, Limit), 452, 452, 354, 250], Codes(said));
        Assert.Equal(Limit, Assert.Single(_policy.Messages).Transaction.Recipients.Count);
    }

    [Fact]
    public async Task No_line_of_ours_is_longer_than_512_octets_whatever_a_rule_says()
    {
        string Many(string text) => string.Concat(Enumerable.Repeat(text, 2000));
        foreach (var text in new[] { Many("xyz"), Many("€"), Many("😀\t"), "a\r\nb\n\nc\rd" })
        {
            var policy = new RecordingPolicy { Rcpt = _ => SessionVerdict.Inform(new SmtpReply(550, "5.7.1", text)) };
            var said = await SayAsync($"{Hello}{Mail}RCPT TO:<c@d.example>\r\nNOOP\r\n", policy: policy);
            Assert.All(said, line => Assert.InRange(Encoding.UTF8.GetByteCount(line) + 2, 5, SmtpReplyWriter.MaxLineBytes));
            Assert.Equal(250, Codes(said)[^1]);
        }
    }

    public static TheoryData<byte[], string> OddOctets()
    {
        var data = new TheoryData<byte[], string>();
        var octets = Enumerable.Range(0, 256).Select(octet => (byte)octet);
        foreach (var octet in octets.Where(octet => octet is (< 0x20 or >= 0x7F) and not ((byte)'\t' or (byte)'\r' or (byte)'\n')))
        {
            data.Add([.. "EHLO a"u8, octet, .. "b.example"u8], "5");
            data.Add([.. "MAIL FROM:<a"u8, octet, .. "b@b.example>"u8], "5");
            data.Add([.. "MAIL FROM:<a@b.example> ENVID=a"u8, octet, .. "b"u8], "5");
            data.Add([.. "NO"u8, octet, .. "OP"u8], "500");
        }

        return data;
    }

    /// <summary>RFC 5321 §2.4, §4.1.2: commands are ASCII, but for what RFC 6531 lets in.</summary>
    [Theory]
    [MemberData(nameof(OddOctets), DisableDiscoveryEnumeration = true)]
    public async Task Control_characters_and_octets_beyond_ASCII_are_refused_and_never_said_again(byte[] line, string code)
    {
        await using var harness = new SessionHarness(_policy, Options);
        await harness.SendAsync([[.. Encoding.ASCII.GetBytes(Hello), .. line, .. "\r\nNOOP\r\n"u8]]);
        harness.HangUp();
        await harness.EndAsync();
        var said = harness.Take();
        var lines = said.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("250", lines[^1], StringComparison.Ordinal);
        Assert.StartsWith(code, lines[^2], StringComparison.Ordinal);
        Assert.DoesNotContain(said.Replace("\r\n", "", StringComparison.Ordinal), c => c is < ' ' or > '~');
        Assert.DoesNotContain(_policy.Calls, call => call.Any(char.IsControl));
    }

    private static List<int> Codes(IEnumerable<string> lines) => [.. lines
        .Where(line => line[3] == ' ').Select(line => int.Parse(line.AsSpan(0, 3), System.Globalization.CultureInfo.InvariantCulture))];

    /// <summary>All lines that the server says to what comes at once.</summary>
    private async Task<string[]> SayAsync(string octets, SmtpServerOptions? options = null, RecordingPolicy? policy = null)
    {
        await using var harness = new SessionHarness(policy ?? _policy, options ?? Options);
        await harness.SendAsync(octets);
        harness.HangUp();
        await harness.EndAsync();
        return harness.Take().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
    }
}
