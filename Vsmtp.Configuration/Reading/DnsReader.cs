using System.Collections.Immutable;
using System.Net;
using Vsmtp.Configuration.Options;

namespace Vsmtp.Configuration.Reading;

/// <summary>Reads <c>[server.dns]</c> and that of a virtual domain.</summary>
internal static class DnsReader
{
    public static DnsOptions Read(TableReader dns)
    {
        var type = dns.Choice("type", DnsSource.System, s => s.ToString().ToLowerInvariant());
        var config = dns.Table("config");
        var options = new DnsOptions
        {
            Type = type,
            NameServers = config.List("name_servers", ImmutableArray<IPEndPoint>.Empty, SocketAddress.TryParseNameServer,
                "the address of a name server: an IP address, or \"ip:port\""),
            Options = ReadOptions(dns.Table("options")),
        };
        Check(dns, config, options);
        config.Close();
        dns.Close();
        return options;
    }

    private static void Check(TableReader dns, TableReader config, DnsOptions options)
    {
        if (dns.HasFault || config.HasFault)
        {
            return;
        }

        if (options.Type == DnsSource.Custom && config.Find("name_servers") is null)
        {
            dns.Error("type", $"is \"custom\": {config.NameOf("name_servers")} must say whom to ask");
        }
        else if (options.Type == DnsSource.Custom && options.NameServers.IsEmpty)
        {
            config.Error("name_servers", "must name at least one server");
        }
        else if (options.Type != DnsSource.Custom && config.IsGiven)
        {
            dns.Error("config", "is only for the type \"custom\"");
        }

        if (options.Type == DnsSource.System && dns.Find("options") is not null)
        {
            dns.Error("options", "is not for the type \"system\": the machine's own resolver has its own settings");
        }
    }

    private static DnsQueryOptions ReadOptions(TableReader options)
    {
        var defaults = new DnsQueryOptions();
        var read = new DnsQueryOptions
        {
            Timeout = options.Duration("timeout", defaults.Timeout),
            Attempts = options.Integer("attempts", defaults.Attempts, min: 0, max: 100),
            Rotate = options.Boolean("rotate", defaults.Rotate),
            Dnssec = options.Boolean("dnssec", defaults.Dnssec),
            IpStrategy = options.Choice("ip_strategy", defaults.IpStrategy, s => s.ToString()),
            CacheSize = options.Integer("cache_size", defaults.CacheSize, min: 0),
            UseHostsFile = options.Boolean("use_hosts_file", defaults.UseHostsFile),
            ConcurrentRequests = options.Integer("num_concurrent_reqs", defaults.ConcurrentRequests, max: 100),
        };
        options.Close();
        return read;
    }
}
