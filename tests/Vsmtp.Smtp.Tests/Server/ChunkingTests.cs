using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Vsmtp.Smtp.Replies;
using Vsmtp.Smtp.Server;
using Vsmtp.Smtp.Tests.Support;

namespace Vsmtp.Smtp.Tests.Server;

/// <summary>BDAT (RFC 3030 §2): octets behind a line are octets, whatever the answer.</summary>
public sealed class ChunkingTests
{
    private const string Envelope = "EHLO a\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\n";
    private const string Evil = "MAIL FROM:<evil@b>\r\nRCPT TO:<c@d>\r\nDATA\r\nevil\r\n.\r\n";

    private readonly RecordingPolicy _policy = new();

    [Theory, InlineData(Arrival.Whole), InlineData(Arrival.ByLine), InlineData(Arrival.ByOctet)]
    public async Task Chunks_make_one_message_and_each_is_answered(Arrival arrival)
    {
        var end = await Script.RunAsync(arrival, _policy, """
            S: 220 mx.example Service ready
            C: EHLO a
            S: 250-mx.example
            S: 250-PIPELINING
            S: 250-SIZE 26214400
            S: 250-8BITMIME
            S: 250-SMTPUTF8
            S: 250-ENHANCEDSTATUSCODES
            S: 250-DSN
            S: 250 CHUNKING
            C: MAIL FROM:<a@b>
            S: 250 2.1.0 Ok
            C: RCPT TO:<c@d>
            S: 250 2.1.5 Ok
            C: BDAT 12
            C: Subject: x
            S: 250 2.0.0 12 octets received
            C: NOOP
            S: 250 2.0.0 Ok
            C: BDAT 0
            S: 250 2.0.0 0 octets received
            C: bdat 5 last
            C: 
            C: .
            S: 250 2.0.0 Ok
            C: MAIL FROM:<a@b>
            S: 250 2.1.0 Ok
            C: QUIT
            S: 221 2.0.0 Service closing transmission channel
            """);
        Assert.Equal(SessionEnd.Quit, end);
        Assert.Equal("Subject: x\r\n\r\n.\r\n", Assert.Single(_policy.Messages).Text);
    }

    [Fact]
    public void Any_octets_in_any_chunks_are_the_message_where_its_lines_are_whole()
    {
        var chunk = Gen.Elements("a", "\r\n", ".\r\n", "..", "MAIL FROM:<x@y>\r\n", "BDAT 3 LAST\r\n", "ä\r\n", "\r\n.\r\n").ListOf().Select(parts => string.Concat(parts));
        Prop.ForAll(chunk.ListOf().ToArbitrary(), Gen.Elements(Enum.GetValues<Arrival>()).ToArbitrary(), (chunks, arrival) =>
        {
            var policy = new RecordingPolicy();
            var said = new StringBuilder(Envelope);
            foreach (var text in chunks) said.Append($"BDAT {Encoding.UTF8.GetByteCount(text)}\r\n{text}");
            said.Append("BDAT 0 LAST\r\nNOOP\r\n");
            var (codes, _) = Script.RunRawAsync(arrival, policy, Encoding.UTF8.GetBytes(said.ToString())).GetAwaiter().GetResult();
            Assert.Equal([220, 250, 250, 250, .. chunks.Select(_ => 250), 250, 250], codes);
            var whole = string.Concat(chunks);
            Assert.Equal(whole.Length == 0 || whole.EndsWith("\r\n", StringComparison.Ordinal) ? whole : whole + "\r\n", Assert.Single(policy.Messages).Text);
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("a\nb\r\n"), InlineData("a\rb\r\n"), InlineData("a\0b\r\n"), InlineData("a\r")]
    public async Task Lines_are_held_to_what_holds_for_DATA(string content)
    {
        foreach (var arrival in Enum.GetValues<Arrival>())
        {
            var policy = new RecordingPolicy();
            var (codes, _) = await Script.RunRawAsync(
                arrival, policy, Encoding.Latin1.GetBytes($"{Envelope}BDAT {content.Length}\r\n{content}BDAT 0 LAST\r\nRSET\r\nMAIL FROM:<a@b>\r\n"));
            // A CR may be the first half of a line's end until the message is over.
            Assert.Equal(content == "a\r" ? [220, 250, 250, 250, 250, 550, 250, 250] : [220, 250, 250, 250, 550, 503, 250, 250], codes);
            Assert.Equal([MessageAbort.BadContent], Assert.Single(policy.Sinks).Aborts);
        }
    }

    [Theory]
    [InlineData("", "BDAT {0}", 503)]
    [InlineData("EHLO a\r\n", "BDAT {0} LAST", 503)]
    [InlineData("EHLO a\r\nMAIL FROM:<a@b>\r\n", "BDAT {0} LAST", 503)]
    public async Task Octets_of_a_chunk_that_is_out_of_order_are_no_commands(string before, string line, int code)
    {
        foreach (var arrival in Enum.GetValues<Arrival>())
        {
            var policy = new RecordingPolicy();
            var text = before + string.Format(System.Globalization.CultureInfo.InvariantCulture, line, Evil.Length) + "\r\n" + Evil + "NOOP\r\n";
            var (codes, _) = await Script.RunRawAsync(arrival, policy, Encoding.ASCII.GetBytes(text));
            Assert.Equal([code, 250], codes[^2..]);
            Assert.Equal(3 + before.Split("\r\n").Length - 1, codes.Count);
            Assert.DoesNotContain("mail <evil@b>", policy.Calls);
        }
    }

    [Fact]
    public async Task A_message_whose_first_chunk_was_refused_does_not_begin_with_the_second()
    {
        var refusals = 1;
        _policy.Data = sink => refusals-- > 0 ? new DataVerdict.Refuse(SessionVerdict.Inform(SmtpReplies.LocalError)) : new DataVerdict.Take(sink);
        var (codes, _) = await Script.RunRawAsync(
            Arrival.Whole, _policy, Encoding.ASCII.GetBytes($"{Envelope}BDAT {Evil.Length}\r\n{Evil}BDAT {Evil.Length} LAST\r\n{Evil}MAIL FROM:<a@b>\r\nRSET\r\nMAIL FROM:<a@b>\r\n"));
        Assert.Equal([220, 250, 250, 250, 451, 503, 503, 250, 250], codes);
        Assert.Empty(_policy.Messages);
        Assert.DoesNotContain("mail <evil@b>", _policy.Calls);
    }

    [Theory]
    [InlineData("BDAT\r\n"), InlineData("BDAT x\r\n"), InlineData("BDAT -1\r\n"), InlineData("BDAT 5 FIRST\r\n"), InlineData("BDAT 5 LAST x\r\n")]
    [InlineData("BDAT 99999999999999999999 LAST\r\n"), InlineData("BDAT 5\0 LAST\r\n"), InlineData("BDAT +5 LAST\r\n"), InlineData("BDAT 0x5 LAST\r\n")]
    public async Task A_chunk_of_which_the_length_is_not_known_ends_the_session(string line)
    {
        var (codes, end) = await Script.RunRawAsync(Arrival.Whole, _policy, Encoding.ASCII.GetBytes(Envelope + line + Evil));
        Assert.Equal([220, 250, 250, 250, 521], codes);
        Assert.Equal(SessionEnd.BadLine, end);
        Assert.Empty(_policy.Sinks);
    }

    [Fact]
    public async Task Too_much_is_refused_whether_in_one_chunk_or_in_many()
    {
        var options = new SmtpServerOptions { Domain = "mx.example.com", MaxMessageBytes = 1000 };
        var (codes, end) = await Script.RunRawAsync(Arrival.Whole, _policy, Encoding.ASCII.GetBytes($"{Envelope}BDAT 1001\r\n{new string('x', 1001)}"), options);
        Assert.Equal([220, 250, 250, 250, 552], codes);
        Assert.Equal(SessionEnd.Refused, end);
        Assert.Empty(_policy.Sinks);

        var half = string.Concat(Enumerable.Repeat(new string('x', 98) + "\r\n", 6));
        (codes, _) = await Script.RunRawAsync(
            Arrival.Whole, _policy, Encoding.ASCII.GetBytes($"{Envelope}BDAT 600\r\n{half}BDAT 600 LAST\r\n{half}MAIL FROM:<a@b>\r\n"), options);
        Assert.Equal([220, 250, 250, 250, 250, 552, 250], codes);
        Assert.Equal([MessageAbort.TooBig], Assert.Single(_policy.Sinks).Aborts);
    }

    [Theory]
    [InlineData("RSET\r\n", MessageAbort.Withdrawn), InlineData("EHLO b\r\n", MessageAbort.Withdrawn), InlineData("QUIT\r\n", MessageAbort.Withdrawn)]
    [InlineData("", MessageAbort.ConnectionLost), InlineData("BDAT 100 LAST\r\nhalf", MessageAbort.ConnectionLost)]
    public async Task A_message_that_is_never_ended_is_told_of_once(string instead, MessageAbort reason)
    {
        await Script.RunRawAsync(Arrival.Whole, _policy, Encoding.ASCII.GetBytes($"{Envelope}BDAT 3\r\nabc{instead}"));
        Assert.Equal([reason], Assert.Single(_policy.Sinks).Aborts);
        Assert.Empty(_policy.Messages);
    }

    [Theory]
    [InlineData("BDAT 1\r\nx"), InlineData("BDAT 0\r\n"), InlineData("NOOP\r\n")]
    public async Task A_message_that_goes_on_for_ever_ends_with_the_time_for_a_whole_one(string again)
    {
        await using var harness = new SessionHarness(_policy);
        await harness.SendAsync($"{Envelope}BDAT 1\r\nx");
        for (var minutes = 0; minutes < 60; minutes += 4)
        {
            Assert.False(harness.Session.IsCompleted);
            harness.Time.Advance(TimeSpan.FromMinutes(4));
            if (!harness.Session.IsCompleted) await harness.SendAsync(again);
        }

        Assert.Equal(SessionEnd.TimedOut, await harness.EndAsync());
        Assert.Equal([MessageAbort.TimedOut], Assert.Single(_policy.Sinks).Aborts);
        Assert.EndsWith("421 4.4.2 Timeout, closing transmission channel\r\n", harness.Take(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chunk_that_is_passed_over_has_an_end_in_time_and_does_not_hold_up_the_server_s()
    {
        await using (var harness = new SessionHarness(_policy))
        {
            await harness.SendAsync("BDAT 26214400\r\n");
            for (var minutes = 0; minutes < 60; minutes += 4)
            {
                harness.Time.Advance(TimeSpan.FromMinutes(4));
                if (!harness.Session.IsCompleted) await harness.SendAsync("x");
            }

            Assert.Equal(SessionEnd.TimedOut, await harness.EndAsync());
        }

        await using var other = new SessionHarness(_policy);
        await other.SendAsync("BDAT 1000\r\nx");
        other.Shutdown();
        Assert.Equal(SessionEnd.Shutdown, await other.EndAsync());
    }

    [Theory, InlineData(600), InlineData(2000), InlineData(20_000)]
    public async Task The_octets_behind_a_BDAT_line_of_any_length_are_no_commands(int length)
    {
        foreach (var arrival in Enum.GetValues<Arrival>())
        {
            var policy = new RecordingPolicy();
            var line = $"bdat {Evil.Length.ToString(System.Globalization.CultureInfo.InvariantCulture).PadLeft(length, '0')} LAST\r\n";
            await Script.RunRawAsync(arrival, policy, Encoding.ASCII.GetBytes(Envelope + line + Evil));
            Assert.DoesNotContain("mail <evil@b>", policy.Calls);
        }
    }

    [Fact]
    public async Task Between_chunks_there_is_no_other_message_and_no_other_recipient()
    {
        var (codes, _) = await Script.RunRawAsync(
            Arrival.Whole, _policy, Encoding.ASCII.GetBytes($"{Envelope}BDAT 3\r\nabcRCPT TO:<e@f>\r\nMAIL FROM:<x@y>\r\nDATA\r\nBDAT 0 LAST\r\n"));
        Assert.Equal([220, 250, 250, 250, 250, 503, 503, 503, 250], codes);
        Assert.Equal("abc\r\n", Assert.Single(_policy.Messages).Text);
    }

    [Fact]
    public async Task Where_it_is_not_announced_it_is_not_known()
    {
        var options = new SmtpServerOptions { Domain = "mx.example.com", Extensions = SmtpExtensions.Receiver };
        var (codes, _) = await Script.RunRawAsync(Arrival.Whole, _policy, Encoding.ASCII.GetBytes($"{Envelope}BDAT 5 LAST\r\nNOOP\r\n"), options);
        Assert.Equal([220, 250, 250, 250, 502, 250], codes);
    }
}
