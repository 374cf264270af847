using System.Net;
using Vsmtp.Dns.Tests.Support;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.World;

/// <summary>
/// Domains with servers of their own, which a real name server knows: our server delivers to them by MX. All servers are at one port, each at its own
/// loopback address, as in the world they are all at port 25.
/// </summary>
internal sealed class World : IAsyncDisposable
{
    private readonly List<ScriptedServer> _servers = [];
    private NameDaemon? _names;

    private World(int port) => Port = port;

    /// <summary>At which all servers of the world are.</summary>
    public int Port { get; }

    public TestSite Site { get; private set; } = null!;

    public ServerProcess Server { get; private set; } = null!;

    /// <summary>The server of the n-th domain; what has no domain of its own stands at the end.</summary>
    public ScriptedServer this[int number] => _servers[number];

    /// <param name="servers">How many there are: at 127.0.1.1, 127.0.1.2, …</param>
    /// <param name="zone">Lines of dnsmasq's configuration; <c>{n}</c> is the address of the n-th server, from 0.</param>
    /// <param name="rules">Of our server.</param>
    /// <param name="deliveryKeys">Further lines of <c>[server.delivery]</c>.</param>
    /// <param name="authorities">A file of certificates that our server takes for the machine's; null: the machine's own.</param>
    /// <param name="settings">Keys over those of the file, as <c>key=value</c>.</param>
    public static async Task<World> StartAsync(
        int servers, string zone, string rules = "#{}", string deliveryKeys = "", string? authorities = null, params string[] settings)
    {
        var world = new World(FreePorts.Take(1)[0]);
        try
        {
            for (var i = 0; i < servers; i++)
            {
                zone = zone.Replace($"{{{i}}}", AddressOf(i), StringComparison.Ordinal);
                world._servers.Add(new ScriptedServer(world.Port, IPAddress.Parse(AddressOf(i))));
            }

            world._names = await NameService.StartAsync(zone);
            await world.StartServerAsync(rules, deliveryKeys, authorities, settings);
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    public Task<string> SendAsync(string sender, string message, params string[] recipients) =>
        RawSmtp.SendOneAsync(Site.ClientPort, message, sender, recipients);

    public async ValueTask DisposeAsync()
    {
        if (Server is not null) await Server.DisposeAsync();
        foreach (var server in _servers) await server.DisposeAsync();
        if (_names is not null) await _names.DisposeAsync();
        Site?.Dispose();
    }

    public static string AddressOf(int number) => $"127.0.1.{number + 1}";

    private async Task StartServerAsync(string rules, string deliveryKeys, string? authorities, string[] settings)
    {
        Site = new TestSite(rules);
        await NameService.DeliverByAsync(Site, _names!, Port, deliveryKeys);
        Server = new ServerProcess(Site);
        Server.Settings.AddRange(settings);
        if (authorities is not null) Server.Variables["SSL_CERT_FILE"] = authorities;
        await Server.StartAsync();
    }
}
