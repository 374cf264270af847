using System.Net;
using System.Text.RegularExpressions;
using Vsmtp.EndToEnd.Tests.Pressure;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Authentication;

/// <summary>Who fails to authenticate waits longer each time, and he alone. Told by the order of answers, not by a clock.</summary>
public sealed class FailurePaceTests
{
    private const string Failing = "127.0.1.1";

    /// <summary>The last one of so many waits for 16 s; a first one for half a second.</summary>
    private const int Failures = 6;

    [Fact]
    public async Task The_answer_to_a_failing_client_comes_behind_whole_sessions_of_others_that_began_later()
    {
        await using var site = await AuthSite.StartAsync(keys: "users = \"users\"\nenable_dangerous_mechanism_in_clair = true");
        var clients = await Task.WhenAll(Enumerable.Range(0, Failures).Select(_ => OpenAsync(Failing, site.Site.ClientPort)));
        try
        {
            var answers = clients.Select(client => client.AskAsync(AuthSite.Plain(password: "wrong"))).ToArray();
            await Patience.UntilAsync(
                async () => Regex.Count(await ServerLog.ReadAsync(site.Site), "not authenticated by PLAIN") == Failures, "all have been found wrong");

            // Each failure costs more than the one before: a first one of another, which came later, is answered earlier.
            using (var other = await OpenAsync("127.0.1.2", site.Site.ClientPort))
                Assert.StartsWith("535 5.7.8", await other.AskAsync(AuthSite.Plain(password: "wrong")), StringComparison.Ordinal);
            // Who is right does not wait, wherever he comes from.
            await SendAsync("127.0.1.3", site.Site.ClientPort);
            await SendAsync(Failing, site.Site.ClientPort);
            Assert.Contains(answers, answer => !answer.IsCompleted);

            Assert.All(await Task.WhenAll(answers), answer => Assert.StartsWith("535 5.7.8", answer, StringComparison.Ordinal));
        }
        finally
        {
            foreach (var client in clients) client.Dispose();
        }
    }

    private static async Task SendAsync(string from, int port)
    {
        using var smtp = await OpenAsync(from, port);
        Assert.StartsWith("235", await smtp.AskAsync(AuthSite.Plain()), StringComparison.Ordinal);
        Assert.StartsWith("250", await smtp.SendMailAsync("john@example.org", ["jane@example.com"], Messages.Clean(from)), StringComparison.Ordinal);
        await smtp.AskAsync("QUIT");
    }

    private static async Task<RawSmtp> OpenAsync(string from, int port)
    {
        var smtp = await RawSmtp.ConnectFromAsync(IPAddress.Parse(from), port);
        Assert.StartsWith("220", await smtp.ReadReplyAsync(), StringComparison.Ordinal);
        Assert.StartsWith("250", await smtp.AskAsync("EHLO client.example.org"), StringComparison.Ordinal);
        return smtp;
    }
}
