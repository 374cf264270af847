using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Vsmtp.Smtp.Server;
using Vsmtp.Smtp.Tests.Support;

namespace Vsmtp.Smtp.Tests.Server;

/// <summary>Two servers must never see two different messages in the same bytes.</summary>
public sealed class SmugglingTests
{
    private const string Envelope = "EHLO a\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n";
    private const string Smuggled = "MAIL FROM:<evil@b>\r\nRCPT TO:<c@d>\r\nDATA\r\nevil\r\n";

    private readonly RecordingPolicy _policy = new();

    [Theory]
    [InlineData(Arrival.Whole)]
    [InlineData(Arrival.ByLine)]
    [InlineData(Arrival.ByOctet)]
    public async Task Whatever_looks_like_an_end_there_is_one_message_or_none(Arrival arrival)
    {
        var counts = new Dictionary<FalseEnd, int>();
        foreach (var end in arrival == Arrival.ByOctet ? FalseEnds.Plain : FalseEnds.All)
        {
            var kind = FalseEnds.Judge(end);
            counts[kind] = counts.GetValueOrDefault(kind) + 1;
            if (kind == FalseEnd.True) continue;
            var policy = new RecordingPolicy();
            var (codes, _) = await Script.RunRawAsync(arrival, policy, Encoding.Latin1.GetBytes($"{Envelope}good{end}{Smuggled}.\r\nNOOP\r\n"));

            int[] expected = kind switch { FalseEnd.Clean => [250, 250], FalseEnd.Content => [550, 250], _ => [550] };
            Assert.True(codes.SequenceEqual([220, 250, 250, 250, 354, .. expected]), $"{FalseEnds.Shown(end)}: {string.Join(' ', codes)}");
            Assert.False(policy.Calls.Contains("mail <evil@b>"), FalseEnds.Shown(end));
            var sink = Assert.Single(policy.Sinks);
            Assert.Equal(kind == FalseEnd.Clean, sink.IsComplete);
            if (!sink.IsComplete) Assert.Equal([MessageAbort.BadContent], sink.Aborts);
            else Assert.True(FalseEnds.Unstuffed($"good{end}{Smuggled}") == Encoding.Latin1.GetString(sink.Bytes), FalseEnds.Shown(end));
        }

        // Each kind is met, or the matrix has become another.
        Assert.All(Enum.GetValues<FalseEnd>(), kind => Assert.True(counts[kind] > 2, $"{kind}: {counts[kind]}"));
    }

    [Theory]
    [InlineData("\r\r\n.\r\n")]
    [InlineData("\n\r\n.\r\n")]
    [InlineData("\0\r\n.\r\n")]
    [InlineData("\r\n.\r\r\n.\r\n")]
    public async Task Behind_an_end_that_another_server_does_not_see_nothing_is_read(string end)
    {
        foreach (var arrival in Enum.GetValues<Arrival>())
        {
            var policy = new RecordingPolicy();
            var (codes, ended) = await Script.RunRawAsync(arrival, policy, Encoding.Latin1.GetBytes($"{Envelope}good{end}{Smuggled}.\r\n"));
            Assert.Equal([220, 250, 250, 250, 354, 550], codes);
            Assert.Equal(SessionEnd.BadLine, ended);
            Assert.DoesNotContain("mail <evil@b>", policy.Calls);
        }
    }

    [Fact]
    public async Task A_message_of_bare_line_feeds_costs_itself_alone()
    {
        const string said = $"{Envelope}Subject: x\n\nunix text\nlast line\r\n.\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\nx\r\n.\r\n";
        var (codes, _) = await Script.RunRawAsync(Arrival.Whole, _policy, Encoding.ASCII.GetBytes(said));
        Assert.Equal([220, 250, 250, 250, 354, 550, 250, 250, 354, 250], codes);
    }

    [Theory]
    [InlineData("NOOP\nNOOP\r\n")]
    [InlineData("NOOP\rNOOP\r\n")]
    [InlineData("NOOP\r\r\n")]
    [InlineData("\nNOOP\r\n")]
    [InlineData("DATA\nX: y\r\n")]
    public async Task A_bare_cr_or_lf_in_a_command_ends_the_session(string line)
    {
        foreach (var arrival in Enum.GetValues<Arrival>())
        {
            var (codes, end) = await Script.RunRawAsync(arrival, new RecordingPolicy(), Encoding.ASCII.GetBytes(line + "NOOP\r\n"));
            Assert.Equal([220, 500], codes);
            Assert.Equal(SessionEnd.BadLine, end);
        }
    }

    [Fact]
    public async Task A_line_without_an_end_does_not_last_for_ever()
    {
        var (codes, end) = await Script.RunRawAsync(Arrival.Whole, _policy, Encoding.ASCII.GetBytes(new string('x', 100_000)));
        Assert.Equal([220, 500], codes);
        Assert.Equal(SessionEnd.BadLine, end);
    }

    [Fact]
    public async Task A_bare_lf_in_a_line_that_is_too_long_ends_the_session_too()
    {
        var (codes, end) = await Script.RunRawAsync(
            Arrival.ByOctet, _policy, Encoding.ASCII.GetBytes($"{new string('x', 5000)}\nNOOP\r\n"));
        Assert.Equal([220, 500], codes);
        Assert.Equal(SessionEnd.BadLine, end);
    }

    [Fact]
    public void A_session_fed_anything_ends_and_each_message_has_one_end()
    {
        var pieces = Gen.Elements(
            "EHLO a", "HELO b", "MAIL FROM:<a@b>", "RCPT TO:<c@d>", "DATA", "RSET", "QUIT", "NOOP", "VRFY x", "BDAT 3 LAST", "STARTTLS",
            "\r\n", "\r\n", "\r\n", "\r\n", ".", "\r\n.\r\n", "\r\n.\r\n", "\n", "\r", "\0", "X: y", "é", " ", "<", ">");
        var random = Gen.Choose(0, 255).Select(octet => ((char)octet).ToString());
        var inputs = Gen.Frequency((9, pieces), (1, random)).ListOf().Select(string.Concat).ToArbitrary();
        Prop.ForAll(inputs, Gen.Elements(Enum.GetValues<Arrival>()).ToArbitrary(), (input, arrival) =>
        {
            var policy = new RecordingPolicy();
            var (codes, end) = Script.RunRawAsync(
                arrival, policy, Encoding.UTF8.GetBytes(Envelope + input),
                SessionHarness.Options with { SoftErrorCount = -1, HardErrorCount = -1 }).GetAwaiter().GetResult();
            return codes.TrueForAll(code => code is >= 200 and < 600)
                && policy.Calls[^1] == $"disconnected {end}"
                && policy.Sinks.TrueForAll(sink => (sink.IsComplete ? 1 : 0) + sink.Aborts.Count == 1)
                && policy.Sinks.TrueForAll(sink => !sink.IsComplete || !HasBareLineEnd(sink.Text));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithEndSize(60));
    }

    private static bool HasBareLineEnd(string text) =>
        text.Replace("\r\n", "", StringComparison.Ordinal).AsSpan().ContainsAny('\r', '\n', '\0');
}
