using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Delegation;

/// <summary>A running site with services that keep the original, each of which does what a test says; all come back to one receiver.</summary>
internal sealed class SeveralSite : IAsyncDisposable
{
    private readonly Dictionary<string, ScriptedServer> _services = [];

    private SeveralSite(string postq, string[] names, Func<string, string> proofs, string giveUp)
    {
        Site = new TestSite($"import \"service\" as service;\n#{{ postq: [\n{postq}\n] }}");
        var ports = FreePorts.Take(names.Length);
        foreach (var (index, name) in names.Index()) _services[name] = new ScriptedServer(ports[index]);
        Site.Write("service.vsl", string.Concat(names.Index().Select(name => $$"""
            service {{name.Item}} smtp = #{
                delegator: #{ address: "127.0.0.1:{{ports[name.Index]}}", timeout: "20s" },
                receiver: "127.0.0.1:{{Site.ReceiverPort}}",
                keep_original: true,
                proof: [{{proofs(name.Item)}}],
                verdict_headers: ["X-Score"],
                retry: #{ first: "200ms", max: "200ms", give_up: "{{giveUp}}" },
            };

            """)));
        Relay = new ScriptedServer(Site.RelayPort);
        Server = new ServerProcess(Site);
    }

    public TestSite Site { get; }

    public ServerProcess Server { get; }

    public ScriptedServer Relay { get; }

    public ScriptedServer this[string service] => _services[service];

    public ReturningService Returning => new(Site.ReceiverPort);

    /// <param name="postq">The directives; services are <c>service::NAME</c>.</param>
    /// <param name="names">Of the services.</param>
    /// <param name="proofs">The headers with which a service proves that it has looked; null: <see cref="Proof"/>.</param>
    /// <param name="giveUp">After which time a service has failed.</param>
    public static async Task<SeveralSite> StartAsync(string postq, string[] names, Func<string, string>? proofs = null, string giveUp = "1h")
    {
        var site = new SeveralSite(postq, names, proofs ?? (name => $"\"{Proof(name)}\""), giveUp);
        try
        {
            await site.Server.StartAsync();
            return site;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }

    /// <summary>The header with which a service proves that it has looked.</summary>
    public static string Proof(string service) => $"X-{service.ToUpperInvariant()}";

    public Task<string> SendAsync(string message) => RawSmtp.SendOneAsync(Site.ClientPort, message);

    /// <summary>The newest mail that the service has taken.</summary>
    public async Task<ReceivedMail> TakenAsync(string service, int times = 1)
    {
        await Patience.UntilAsync(() => this[service].Mails.Count >= times, $"{times} mails at {service}");
        return this[service].Mails.Last();
    }

    /// <summary>Brings it back with the service's proof.</summary>
    public Task<string> ReturnAsync(ReceivedMail mail, string service, string value = "clean") =>
        Returning.ReturnAsync(mail, Messages.WithHeader(mail.Text, Proof(service), value));

    /// <summary>Waits until something of these words is in the mail's history.</summary>
    public Task HappenedAsync(string id, string words, int times = 1) => Patience.UntilAsync(
        async () => (await Server.Api.FindAsync(id))?.Events.Count(e => e.Why.Contains(words, StringComparison.Ordinal)) >= times, $"'{words}' in the history of {id}");

    public async Task<ReceivedMail> DeliveredAsync(string id, string subject)
    {
        await Server.WaitForAsync(id, "delivered");
        return Assert.Single(Relay.Mails, mail => mail.Header("Subject") == subject);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Relay.DisposeAsync();
        foreach (var service in _services.Values) await service.DisposeAsync();
        Site.Dispose();
    }
}
