using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Antivirus;

/// <summary>The tutorial's site with everything real about it: the program, clamd, clamsmtpd; only the relay host is a test's.</summary>
internal sealed class AntivirusSite : IAsyncDisposable
{
    public const string Proof = """proof: ["X-Virus-Scanned", "X-Virus-Infected"],""";
    private const string Retry = """retry: #{ first: "200ms", max: "1s", give_up: "4h" },""";

    private AntivirusSite(TestSite site, ClamStack clam)
    {
        Site = site;
        Clam = clam;
        Relay = new TestSmtpServer(site.RelayPort);
        Server = new ServerProcess(site);
    }

    public TestSite Site { get; }

    public ClamStack Clam { get; }

    public TestSmtpServer Relay { get; }

    public ServerProcess Server { get; }

    /// <summary>Starts all of it; skips the test where clamd or clamsmtpd is missing.</summary>
    /// <param name="serviceKeys">Further keys of the service.</param>
    /// <param name="timeout">The service's.</param>
    /// <param name="stack">Null: <c>Action: pass</c> and the usual time-out.</param>
    public static async Task<AntivirusSite> StartAsync(string serviceKeys = "", string timeout = "60s", Func<TestSite, ClamStack>? stack = null)
    {
        ClamStack.RequireInstalled();
        var site = new TestSite(TutorialRules.Main);
        site.WriteService($"{Proof} {Retry} {serviceKeys}", timeout);
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

    /// <summary>Sends one mail over a connection of its own.</summary>
    /// <returns>Its id.</returns>
    public Task<string> SendAsync(string message) => RawSmtp.SendOneAsync(Site.ClientPort, message);

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Clam.DisposeAsync();
        await Relay.DisposeAsync();
        Site.Dispose();
    }
}
