using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Antivirus;

/// <summary>
/// clamsmtpd reads lines through a buffer of its own and stumbles where one just fills it (spec/delegates.md §3). What it breaks is
/// not ours to mend, but nothing is lost by it, and nothing is delivered unscanned.
/// </summary>
public sealed class LineLengthTests
{
    [Fact]
    public async Task Experiment()
    {
        await using var site = await AntivirusSite.StartAsync(
            serviceKeys: """proof: ["X-Virus-Scanned", "X-Virus-Infected"], retry: #{ first: "100ms", max: "200ms", give_up: "3s" },""", timeout: "4s");
        var sent = new List<(string Id, string Subject, string Message)>();
        foreach (var length in new[] { 4218, 4219, 4220, 4221, 4222, 4223 })
        {
            foreach (var (kind, body) in new[] { ("last", new string('x', length)), ("dot", new string('x', length) + "\r\n.\r\nend"), ("dotted", new string('x', length) + "\r\n.end\r\nend"), ("infected", ClamStack.Marker + new string('x', length - ClamStack.Marker.Length)) })
            {
                var subject = $"{kind} {length}";
                var message = Messages.Clean(subject, body);
                sent.Add((await site.SendAsync(message), subject, message));
            }
        }

        foreach (var (id, subject, message) in sent)
        {
            var mail = await site.Server.WaitForAsync(id, "delivered", "quarantine/delegation", "quarantine/virus_q", "dead");
            var relayed = site.Relay.Seen.Where(m => m.Header("Subject") == subject).ToArray();
            TestContext.Current.TestOutputHelper!.WriteLine($"{subject}: {mail.Mail.Queue} {mail.Mail.Reason} copies {relayed.Length} same {relayed.All(m => m.TextBelowTrace == AntivirusSite.Scanned(message))} len {string.Join(",", relayed.Select(m => m.TextBelowTrace.Length - AntivirusSite.Scanned(message).Length))} tries {mail.Events.Count(e => e.What == "delegated")}");
        }
    }
}
