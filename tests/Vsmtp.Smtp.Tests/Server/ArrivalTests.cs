using System.Text;
using Vsmtp.Smtp.Server;
using Vsmtp.Smtp.Tests.Support;

namespace Vsmtp.Smtp.Tests.Server;

/// <summary>TCP keeps no borders: what a client says means the same in whatever pieces it comes.</summary>
public sealed class ArrivalTests
{
    private const int RandomCuts = 12;

    private static readonly SmtpServerOptions Options = SessionHarness.Options with { SoftErrorCount = -1, HardErrorCount = -1 };

    public static TheoryData<string> Conversations() => [.. Dialogue.All.Select(dialogue => dialogue.Octets), Dialogue.AllInOne];

    [Theory]
    [MemberData(nameof(Conversations))]
    public async Task The_same_octets_in_other_pieces_are_answered_and_kept_alike(string octets)
    {
        var bytes = Encoding.Latin1.GetBytes(octets);
        var whole = await RunAsync([bytes]);
        Assert.Equal(whole, await RunAsync(SessionHarness.Cut(bytes, Arrival.ByLine)));
        Assert.Equal(whole, await RunAsync(SessionHarness.Cut(bytes, Arrival.ByOctet)));
        var random = new Random(octets.Length);
        for (var i = 0; i < RandomCuts; i++) Assert.Equal(whole, await RunAsync(CutAnywhere(bytes, random)));
    }

    /// <summary>RFC 2920 §3.2: however many commands come at once, and in whatever order, each has one reply, and they come in turn.</summary>
    [Fact]
    public async Task Each_step_of_all_that_comes_at_once_has_one_reply()
    {
        var policy = new RecordingPolicy();
        var (codes, end) = await Script.RunRawAsync(Arrival.Whole, policy, Encoding.Latin1.GetBytes(Dialogue.AllInOne), Options);
        Assert.Equal(SessionEnd.Quit, end);
        var spoken = Dialogue.All.Where(dialogue => Dialogue.AllInOne.Contains(dialogue.Octets + "RSET\r\n", StringComparison.Ordinal)).ToList();
        Assert.Equal(1 + spoken.Sum(dialogue => dialogue.Steps.Length + 1) + 1, codes.Count);

        // Behind each dialogue the RSET is answered with 250: nobody has lost count on the way.
        var at = 0;
        foreach (var dialogue in spoken) Assert.True(codes[at += dialogue.Steps.Length + 1] == 250, dialogue.Name);
        Assert.Equal(221, codes[^1]);
    }

    /// <summary>All that can be seen of a session: what it says, asks and keeps, and how it ends.</summary>
    private static async Task<string> RunAsync(IEnumerable<byte[]> pieces)
    {
        var policy = new RecordingPolicy();
        await using var harness = new SessionHarness(policy, Options);
        await harness.SendAsync(pieces);
        harness.HangUp();
        var end = await harness.EndAsync();
        var kept = policy.Sinks.Select(sink => sink.IsComplete ? Convert.ToHexString(sink.Bytes) : string.Join(',', sink.Aborts));
        return string.Join('\n', [harness.Take(), .. policy.Calls, .. kept, end.ToString()]);
    }

    private static List<byte[]> CutAnywhere(byte[] bytes, Random random)
    {
        var pieces = new List<byte[]>();
        for (var start = 0; start < bytes.Length;)
        {
            var length = random.Next(4) == 0 ? random.Next(1, bytes.Length) : random.Next(1, 9);
            var end = Math.Min(bytes.Length, start + length);
            pieces.Add(bytes[start..end]);
            start = end;
        }

        return pieces;
    }
}
