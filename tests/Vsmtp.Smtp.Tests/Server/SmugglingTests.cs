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

    public static TheoryData<string, Arrival> Ends()
    {
        var data = new TheoryData<string, Arrival>();
        string[] ends =
        [
            "\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r", "\r.\r\n", "\r\n.\r", "\r.\n", "\n.\r", "\n\n.\r\n", "\r\r\n.\r\r\n",
            "\r\n\0.\r\n", "\r\n.\0\r\n", "\r\n\n.\r\n", "\n\r.\r\n", "\r\0\n.\r\n", "\r\n.\n\r\n",
        ];
        foreach (var end in ends)
        {
            foreach (var arrival in Enum.GetValues<Arrival>()) data.Add(end, arrival);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task What_only_looks_like_the_end_is_content_and_refused(string end, Arrival arrival)
    {
        var bytes = Encoding.Latin1.GetBytes($"{Envelope}good{end}{Smuggled}.\r\nNOOP\r\n");
        var (codes, _) = await Script.RunRawAsync(arrival, _policy, bytes);
        Assert.Equal([220, 250, 250, 250, 354, 550, 250], codes);
        Assert.Empty(_policy.Messages);
        Assert.Equal([MessageAbort.BadContent], Assert.Single(_policy.Sinks).Aborts);
        Assert.DoesNotContain("mail <evil@b>", _policy.Calls);
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
