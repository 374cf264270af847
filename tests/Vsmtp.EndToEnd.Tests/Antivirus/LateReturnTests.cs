using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Antivirus;

/// <summary>clamsmtpd gives up at the dot while our receiver still takes the message: send and return tell different stories.</summary>
public sealed class LateReturnTests
{
    private const string NoSecondAttempt = """
        proof: ["X-Virus-Scanned", "X-Virus-Infected"],
        retry: #{ first: "1h", max: "1h", give_up: "4h" },
        """;

    [Fact]
    public async Task A_send_that_fails_after_the_return_changes_nothing()
    {
        await using var slow = await SlowSite.StartAsync(HeldBack.Reply, AntivirusSite.ServiceKeys);
        var id = await slow.Site.SendAsync(Messages.Clean("accepted unknown to clamsmtpd"));

        Assert.StartsWith("250", await slow.Way.Reply);
        await slow.Site.DeliveredAsync(id, "accepted unknown to clamsmtpd");
        await slow.SendFailedAsync(id);

        var mail = await slow.Site.Server.WaitForAsync(id, "delivered");
        Assert.Single(mail.Events, e => e.What == "delegated");
        Assert.DoesNotContain(mail.Events, e => e.What == "retry");
        Assert.Single(slow.Site.Relay.Seen);
    }

    [Fact]
    public async Task A_return_after_a_failed_send_resumes_the_mail()
    {
        await using var slow = await SlowSite.StartAsync(HeldBack.Dot, NoSecondAttempt);
        var id = await slow.Site.SendAsync(Messages.Clean("late"));
        var waiting = await slow.Site.HappenedAsync(id, "retry");
        Assert.Equal("delegated", waiting.Mail.Queue);
        Assert.Contains("451", waiting.Mail.Reason);

        slow.Way.LetGo();

        Assert.StartsWith("250", await slow.Way.Reply);
        await slow.Site.DeliveredAsync(id, "late");
        Assert.Single(slow.Site.Relay.Seen);
    }

    [Fact]
    public async Task A_return_after_a_later_attempts_return_is_discarded()
    {
        await using var slow = await SlowSite.StartAsync(HeldBack.Dot, AntivirusSite.ServiceKeys);
        var id = await slow.Site.SendAsync(Messages.Clean("twice"));
        await slow.Site.DeliveredAsync(id, "twice");

        slow.Way.LetGo();

        Assert.StartsWith("250", await slow.Way.Reply);
        var mail = await slow.Site.HappenedAsync(id, "discarded");
        Assert.Equal("delivered", mail.Mail.Queue);
        Assert.Single(mail.Events, e => e.What == "returned");
        Assert.Single(slow.Site.Relay.Seen);
    }

    /// <summary>A site whose scanner comes to the receiver by a slow way, and waits 2 s for it.</summary>
    private sealed class SlowSite(AntivirusSite site, SlowWay way) : IAsyncDisposable
    {
        public AntivirusSite Site => site;

        public SlowWay Way => way;

        public static async Task<SlowSite> StartAsync(HeldBack held, string serviceKeys)
        {
            SlowWay way = null!;
            var site = await AntivirusSite.StartAsync(
                s => new ClamStack(s.ServicePort, (way = new SlowWay(s.ReceiverPort, held)).Port) { TimeOut = 2 },
                serviceKeys: serviceKeys);
            return new SlowSite(site, way);
        }

        /// <summary>Waits until the sender has told of the failure: only its log says so, for the mail has gone on.</summary>
        public Task SendFailedAsync(string id) => Patience.UntilAsync(
            () => ReadLog().Contains($"{id}: attempt 1: clamsmtpd: \"TemporarilyFailed\": ", StringComparison.Ordinal),
            "the sender's failure in the server's log",
            ReadLog);

        public async ValueTask DisposeAsync()
        {
            await way.DisposeAsync();
            await site.DisposeAsync();
        }

        private string ReadLog() =>
            string.Concat(Directory.EnumerateFiles(Path.Combine(site.Site.Folder, "log"), "vsmtp*.log").Select(SharedFile.ReadAllText));
    }
}
