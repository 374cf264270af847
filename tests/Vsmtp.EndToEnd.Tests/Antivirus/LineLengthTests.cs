using Vsmtp.Dashboard.Api;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Antivirus;

/// <summary>
/// clamsmtpd reads through a buffer of its own and stumbles over a line that just fills it (spec/delegates.md §3). What it breaks is not
/// ours to mend, but nothing is lost by it, and nothing is delivered unscanned. This is what happens, line for line.
/// </summary>
public sealed class LineLengthTests
{
    /// <summary>clamsmtpd never answers a last line of 4222 octets: the service's time-out ends each attempt, and soon all of them.</summary>
    private const string Timeout = "15s";

    private const string ServiceKeys = """
        proof: ["X-Virus-Scanned", "X-Virus-Infected"],
        retry: #{ first: "100ms", max: "100ms", give_up: "1s" },
        """;

    [Fact]
    public async Task Around_4221_and_4222_octets_no_mail_is_lost_or_delivered_unscanned()
    {
        string[] expected =
        [
            "4220, the last line: delivered as it was",
            "4220, before a dot: delivered as it was",
            "4220, before a line with a dot first: delivered as it was",
            "4220, infected: quarantine/virus_q",
            "4221, the last line: delivered as it was",
            "4221, before a dot: quarantine/delegation, rejected",
            "4221, before a line with a dot first: delivered with 1 dot less",
            "4221, infected: quarantine/virus_q",
            "4222, the last line: quarantine/delegation, failed",
            "4222, before a dot: delivered with 1 dot more",
            "4222, before a line with a dot first: delivered with 1 dot more",
            "4222, infected: quarantine/delegation, failed",
            "4223, the last line: delivered as it was",
            "4223, before a dot: delivered as it was",
            "4223, before a line with a dot first: delivered as it was",
            "4223, infected: quarantine/virus_q",
        ];
        await using var site = await AntivirusSite.StartAsync(serviceKeys: ServiceKeys, timeout: Timeout);
        var sent = new List<(string Id, string Subject, string Message)>();
        foreach (var length in Enumerable.Range(4220, 4))
        {
            var line = new string('x', length);
            foreach (var (kind, body) in new[]
                     {
                         ("the last line", line),
                         ("before a dot", $"{line}\r\n.\r\nend"),
                         ("before a line with a dot first", $"{line}\r\n.dot\r\nend"),
                         ("infected", ClamStack.Marker + line[ClamStack.Marker.Length..]),
                     })
            {
                var (subject, message) = ($"{length}, {kind}", Messages.Clean($"{length}, {kind}", body));
                sent.Add((await site.SendAsync(message), subject, message));
            }
        }

        var seen = new List<string>();
        foreach (var (id, subject, message) in sent)
        {
            var mail = await site.Server.WaitForAsync(id, "delivered", "quarantine/delegation", "quarantine/virus_q");
            seen.Add($"{subject}: {(mail.Mail.Queue == "delivered" ? Delivered(site, subject, message) : Kept(mail))}");
        }

        Assert.Equal(expected, seen);
    }

    private static string Delivered(AntivirusSite site, string subject, string message)
    {
        var (expected, text) = (AntivirusSite.Scanned(message), Assert.Single(site.Relay.Seen, mail => mail.Header("Subject") == subject).TextBelowTrace);
        if (expected == text) return "delivered as it was";
        Assert.Equal(expected.Replace(".", "", StringComparison.Ordinal), text.Replace(".", "", StringComparison.Ordinal));
        return $"delivered with {Math.Abs(text.Length - expected.Length)} dot {(text.Length > expected.Length ? "more" : "less")}";
    }

    private static string Kept(ApiMailDetails mail) =>
        mail.Mail.Queue == "quarantine/virus_q" ? mail.Mail.Queue : $"{mail.Mail.Queue}, {mail.Mail.Reason.Split(':')[0]}";
}
