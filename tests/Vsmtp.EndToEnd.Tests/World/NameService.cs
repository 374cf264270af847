using Vsmtp.Dns.Tests.Support;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.World;

/// <summary>A real name server that knows the hosts of a test's domains, and sites that deliver by it.</summary>
internal static class NameService
{
    /// <param name="zone">Lines of dnsmasq's configuration.</param>
    public static Task<NameDaemon> StartAsync(string zone) => NameDaemon.StartAsync(
        "dnsmasq", "dnsmasq-base", file => ["--keep-in-foreground", $"--conf-file={file}"],
        (folder, port) => Configuration(folder, port, zone), "known.example");

    /// <summary>Takes the relay host out of a site's configuration: its mails leave by MX.</summary>
    /// <param name="port">At which all hosts take mail.</param>
    /// <param name="deliveryKeys">Further lines of <c>[server.delivery]</c>.</param>
    public static async Task DeliverByAsync(TestSite site, NameDaemon names, int port, string deliveryKeys = "")
    {
        var lines = await File.ReadAllLinesAsync(site.ConfigFile);
        var changed = lines.Select(line => line.StartsWith("relayhost", StringComparison.Ordinal) ? $"mx_port = {port}\n{deliveryKeys}" : line);
        site.Write("vsmtp.toml", string.Join('\n', changed)
            + $"\n[server.dns]\ntype = \"custom\"\nconfig.name_servers = [\"{names.Address}\"]\noptions.use_hosts_file = false\n");
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
