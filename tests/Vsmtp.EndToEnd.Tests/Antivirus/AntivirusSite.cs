using Vsmtp.Dashboard.Api;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Antivirus;

/// <summary>The tutorial's site with everything real about it: the program, clamd, clamsmtpd; only the relay host is a test's.</summary>
internal sealed class AntivirusSite : IAsyncDisposable
{
    /// <summary>The tutorial's service and what makes it safe; a service that fails is asked again soon.</summary>
    public const string ServiceKeys = """
        proof: ["X-Virus-Scanned", "X-Virus-Infected"],
        retry: #{ first: "200ms", max: "1s", give_up: "4h" },
        """;

    private AntivirusSite(TestSite site, ClamStack clam)
    {
        Site = site;
        Clam = clam;
        Relay = new ScriptedServer(site.RelayPort);
        Server = new ServerProcess(site);
    }

    public TestSite Site { get; }

    public ClamStack Clam { get; }

    public ScriptedServer Relay { get; }

    public ServerProcess Server { get; }

    /// <summary>Starts all of it; skips the test where clamd or clamsmtpd is missing.</summary>
    /// <param name="stack">Null: <c>Action: pass</c> and clamsmtpd's usual time-out.</param>
    /// <param name="serviceKeys">Of the service, beside its addresses.</param>
    /// <param name="timeout">The service's.</param>
    public static async Task<AntivirusSite> StartAsync(
        Func<TestSite, ClamStack>? stack = null, string rules = TutorialRules.Main, string serviceKeys = ServiceKeys, string timeout = "60s")
    {
        ClamStack.RequireInstalled();
        var site = new TestSite(rules);
        site.WriteService(serviceKeys, timeout);
        var all = new AntivirusSite(site, stack?.Invoke(site) ?? new ClamStack(site));
        try
        {
            await all.Clam.StartAsync();
            await all.Server.StartAsync();
            return all;
        }
        catch
        {
            await all.DisposeAsync();
            throw;
        }
    }

    /// <summary>The message as clamsmtpd returns it when it is clean: with one header more, the last one.</summary>
    public static string Scanned(string message)
    {
        var end = message.StartsWith("\r\n", StringComparison.Ordinal) ? 0 : message.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 2;
        return message.Insert(end, "X-Virus-Scanned: ClamAV using ClamSMTP\r\n");
    }

    /// <summary>Sends one mail over a connection of its own.</summary>
    /// <returns>Its id.</returns>
    public Task<string> SendAsync(string message) => RawSmtp.SendOneAsync(Site.ClientPort, message);

    /// <summary>Waits for the mail to be delivered and gives the one copy of it that the relay host took.</summary>
    public async Task<ReceivedMail> DeliveredAsync(string id, string subject)
    {
        await Server.WaitForAsync(id, "delivered");
        return Assert.Single(Relay.Seen, mail => mail.Header("Subject") == subject);
    }

    /// <summary>Waits for the mail to be in that quarantine, and sees that it is nowhere else.</summary>
    public async Task<ApiMailDetails> QuarantinedAsync(string id, string name)
    {
        var mail = await Server.WaitForAsync(id, $"quarantine/{name}");
        Assert.Equal([mail.Mail.Queue], (await Server.Api.ListAsync(queue: null)).Where(other => other.Id == id).Select(other => other.Queue));
        Assert.DoesNotContain(Relay.Seen, relayed => relayed.Header("Subject") == mail.Mail.Subject);
        return mail;
    }

    /// <summary>Waits until something has happened to the mail so often.</summary>
    public async Task<ApiMailDetails> HappenedAsync(string id, string what, int times = 1)
    {
        ApiMailDetails? mail = null;
        await Patience.UntilAsync(
            async () => (mail = await Server.Api.FindAsync(id))?.Events.Count(e => e.What == what) >= times,
            $"{id}: {what}, {times} times",
            () => $"{(mail is null ? "no such mail" : ServerProcess.Describe(mail))}{Environment.NewLine}{Clam.Said}");
        return mail!;
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Clam.DisposeAsync();
        await Relay.DisposeAsync();
        Site.Dispose();
        // Whatever a test is about: nothing leaves that was not scanned.
        Assert.All(Relay.Seen, mail => Assert.NotNull(mail.Header("X-Virus-Scanned")));
    }
}
