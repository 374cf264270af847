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
    /// <param name="settings">Keys over those of the file, as <c>key=value</c>.</param>
    public static async Task<World> StartAsync(int servers, string zone, string rules = "#{}", string deliveryKeys = "", params string[] settings)
    {
        var world = new World(FreePorts.Take(1)[0]);
        try
        {
            for (var i = 0; i < servers; i++)
            {
                zone = zone.Replace($"{{{i}}}", AddressOf(i), StringComparison.Ordinal);
                world._servers.Add(new ScriptedServer(world.Port, IPAddress.Parse(AddressOf(i))));
            }

            world._names = await NameDaemon.StartAsync(
                "dnsmasq", "dnsmasq-base", file => ["--keep-in-foreground", $"--conf-file={file}"], (folder, port) => Configuration(folder, port, zone), "known.example");
            await world.StartServerAsync(rules, deliveryKeys, settings);
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

    private async Task StartServerAsync(string rules, string deliveryKeys, string[] settings)
    {
        Site = new TestSite(rules);
        var lines = await File.ReadAllLinesAsync(Site.ConfigFile);
        Site.Write("vsmtp.toml", string.Join('\n', lines.Select(line => line.StartsWith("relayhost", StringComparison.Ordinal) ? $"mx_port = {Port}\n{deliveryKeys}" : line))
            + $"\n[server.dns]\ntype = \"custom\"\nconfig.name_servers = [\"{_names!.Address}\"]\noptions.use_hosts_file = false\n");
        Server = new ServerProcess(Site);
        Server.Settings.AddRange(settings);
        await Server.StartAsync();
    }

    private static string Configuration(string folder, int port, string zone) => $"""
        port={port}
        listen-address=127.0.0.1
        bind-interfaces
        no-resolv
        no-hosts
        pid-file={folder}/dnsmasq.pid
        user=root
        local=/example/
        host-record=known.example,192.0.2.1
        {zone}

        """;
}
