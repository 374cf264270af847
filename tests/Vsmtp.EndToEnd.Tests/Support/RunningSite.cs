namespace Vsmtp.EndToEnd.Tests.Support;

/// <summary>A site whose server runs, between a relay host and, where its rules delegate, a service; both do what tests say.</summary>
public class RunningSite : IAsyncLifetime
{
    internal const string OneDelegation = """
        import "service" as service;

        #{
            postq: [
                delegate service::clamsmtpd "scan" || {
                    if has_header("X-Found") { quarantine("virus_q") } else { next() }
                },
            ],
        }
        """;

    /// <param name="serviceKeys">Further keys of the service; null: the rules have none.</param>
    /// <param name="options">Further options of <c>vsmtp serve</c>.</param>
    internal RunningSite(
        string rules, string? serviceKeys = null, string timeout = "20s", string extraToml = "", params string[] options)
    {
        Site = new TestSite(rules, extraToml: extraToml);
        if (serviceKeys is not null) Site.WriteService(serviceKeys, timeout);
        Relay = new ScriptedServer(Site.RelayPort);
        Service = new ScriptedServer(Site.ServicePort);
        Server = new ServerProcess(Site, options);
    }

    internal TestSite Site { get; }

    internal ServerProcess Server { get; }

    internal ScriptedServer Relay { get; private set; }

    internal ScriptedServer Service { get; private set; }

    /// <summary>Comes to the receiver as the service does.</summary>
    internal ReturningService Returning => new(Site.ReceiverPort);

    internal static async Task<RunningSite> StartAsync(
        string rules, string? serviceKeys = null, string timeout = "20s", string extraToml = "")
    {
        var running = new RunningSite(rules, serviceKeys, timeout, extraToml);
        try
        {
            await running.InitializeAsync();
            return running;
        }
        catch
        {
            await running.DisposeAsync();
            throw;
        }
    }

    public async ValueTask InitializeAsync() => await Server.StartAsync();

    public virtual async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Relay.DisposeAsync();
        await Service.DisposeAsync();
        Site.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Nobody listens at the relay host's port until <see cref="StartRelay"/>.</summary>
    internal ValueTask StopRelayAsync() => Relay.DisposeAsync();

    internal void StartRelay() => Relay = new ScriptedServer(Site.RelayPort);

    /// <summary>Nobody listens at the service's port until <see cref="StartService"/>.</summary>
    internal ValueTask StopServiceAsync() => Service.DisposeAsync();

    internal void StartService() => Service = new ScriptedServer(Site.ServicePort);

    internal Task<string> SendAsync(string message, string from = "john@example.org", params string[] to) =>
        RawSmtp.SendOneAsync(Site.ClientPort, message, from, to);

    /// <summary>Waits for the mail to be delivered and gives the one mail of this subject that the relay host took.</summary>
    internal async Task<ReceivedMail> DeliveredAsync(string id, string subject)
    {
        await Server.WaitForAsync(id, "delivered");
        return Assert.Single(Relay.Mails, mail => mail.Header("Subject") == subject);
    }

    internal Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments) =>
        ServerProcess.RunAsync([.. arguments, "-c", Site.ConfigFile]);
}
