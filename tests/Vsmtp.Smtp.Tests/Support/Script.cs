using System.Text;
using Vsmtp.Smtp.Server;

namespace Vsmtp.Smtp.Tests.Support;

/// <summary>A conversation written down: lines <c>C: …</c> of the client, <c>S: …</c> of the server.</summary>
internal static class Script
{
    /// <summary>Says the client's lines, each with CRLF, and expects exactly the server's.</summary>
    public static async Task<SessionEnd> RunAsync(
        Arrival arrival, RecordingPolicy policy, string script, SmtpServerOptions? options = null)
    {
        var said = new StringBuilder();
        var expected = new StringBuilder();
        foreach (var line in script.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var text = line.TrimEnd('\r').TrimStart();
            if (text.Length == 0) continue;
            var words = text.Length > 3 ? text[3..] : "";
            (text.StartsWith("C:", StringComparison.Ordinal) ? said : expected).Append(words).Append("\r\n");
        }

        await using var harness = new SessionHarness(policy, options);
        await harness.SendAsync(Encoding.UTF8.GetBytes(said.ToString()), arrival);
        harness.HangUp();
        var end = await harness.EndAsync();
        Assert.Equal(expected.ToString(), harness.Take(), ignoreLineEndingDifferences: false);
        return end;
    }

    /// <summary>The codes of the last line of each reply to bytes that may be anything.</summary>
    public static async Task<(List<int> Codes, SessionEnd End)> RunRawAsync(
        Arrival arrival, RecordingPolicy policy, byte[] bytes, SmtpServerOptions? options = null)
    {
        await using var harness = new SessionHarness(policy, options);
        await harness.SendAsync(bytes, arrival);
        harness.HangUp();
        var end = await harness.EndAsync();
        var codes = harness.Take().Split("\r\n", StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line.Length < 4 || line[3] == ' ')
            .Select(line => int.Parse(line[..3], System.Globalization.CultureInfo.InvariantCulture)).ToList();
        return (codes, end);
    }
}
