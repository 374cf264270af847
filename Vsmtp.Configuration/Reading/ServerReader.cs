using System.Collections.Immutable;
using Vsmtp.Configuration.Options;

namespace Vsmtp.Configuration.Reading;

/// <summary>Reads <c>[server]</c>.</summary>
internal static class ServerReader
{
    public const string DomainForm = "a domain of letters, digits and hyphens (another alphabet as xn--…)";

    // No sender may have given a mail up before (RFC 5321 §4.5.4.1).
    private static readonly TimeSpan LongestFirstPause = TimeSpan.FromDays(5);

    public static ServerOptions Read(TableReader server, string? storageUrl)
    {
        var defaults = new ServerOptions();
        server.Idle("dkim", "dashboard", "cluster");
        var domain = server.Parse("domain", defaults.Domain, TryParseDomain, DomainForm);
        var queues = ReadQueues(server.Table("queues"));
        var smtp = SmtpReader.Read(server.Table("smtp"), domain, hasTls: server.Find("tls") is not null);
        var tlsTable = server.Table("tls");
        var tls = TlsReader.Read(tlsTable);
        var options = new ServerOptions
        {
            Domain = domain,
            ClientCountMax = server.Limit("client_count_max", defaults.ClientCountMax, min: 1),
            System = SystemReader.Read(server.Table("system")),
            Interfaces = InterfaceReader.Read(server.Table("interfaces"), hasTls: server.Find("tls") is not null),
            Logs = ReadLogs(server.Table("logs")),
            Queues = queues,
            Storage = StorageReader.Read(server.Table("storage"), queues, storageUrl, smtp.MessageSizeLimit),
            Delivery = DeliveryReader.Read(server.Table("delivery")),
            Api = ReadApi(server.Table("api"), queues),
            Dashboard = DashboardReader.Read(server.Table("dashboard")),
            Smtp = smtp,
            Tls = tls,
            Dns = DnsReader.Read(server.Table("dns")),
            Dkim = DkimReader.Read(server.Table("dkim")),
            Virtual = ReadVirtual(server.Table("virtual"), tls),
            Cluster = ReadCluster(server.Table("cluster")),
        };
        TlsReader.CheckUse(tlsTable, tls, options.Virtual.Values.Select(domain => domain.Tls));
        server.Close();
        return options;
    }

    private static bool TryParseDomain(string text, out string domain)
    {
        domain = text;
        return DomainName.IsValid(text);
    }

    private static QueueOptions ReadQueues(TableReader queues)
    {
        var defaults = new QueueOptions();
        queues.Require("it is mandatory in [server.queues]", "dirpath");
        var working = queues.Table("working");
        working.Idle("channel_size");
        var delivery = queues.Table("delivery");
        delivery.Idle("channel_size");
        var options = new QueueOptions
        {
            DirPath = queues.FilePath("dirpath", defaults.DirPath),
            Working = new() { ChannelSize = working.Integer("channel_size", defaults.Working.ChannelSize) },
            Delivery = new()
            {
                ChannelSize = delivery.Integer("channel_size", defaults.Delivery.ChannelSize),
                DeferredRetryMax = delivery.Integer("deferred_retry_max", defaults.Delivery.DeferredRetryMax),
                DeferredRetryPeriod = delivery.Duration(
                    "deferred_retry_period", defaults.Delivery.DeferredRetryPeriod, max: LongestFirstPause),
            },
        };
        working.Close();
        delivery.Close();
        queues.Close();
        return options;
    }

    private static LogOptions ReadLogs(TableReader logs)
    {
        var defaults = new LogOptions();
        logs.Idle("format");
        var options = new LogOptions
        {
            FilePath = logs.FilePath("filepath", defaults.FilePath),
            Format = logs.Text("format", defaults.Format),
            Level = logs.List("level", defaults.Level, LogDirective.TryParse,
                $"a level ({string.Join(", ", LogDirective.SeverityNames)}) or \"target=level\""),
        };
        logs.Close();
        return options;
    }

    private static ApiOptions ReadApi(TableReader api, QueueOptions queues)
    {
        var socket = api.FilePath("socket", Path.Combine(queues.DirPath, "vsmtp.sock"));
        if (System.Text.Encoding.UTF8.GetByteCount(socket) > ApiOptions.MaxSocketPathBytes)
        {
            api.Error("socket", $"must be at most {ApiOptions.MaxSocketPathBytes} bytes long, as the path of a Unix socket; it is \"{socket}\"");
        }

        api.Close();
        return new() { Socket = socket };
    }

    private static ImmutableSortedDictionary<string, VirtualDomainOptions> ReadVirtual(TableReader domains, TlsOptions? tls)
    {
        var options = new ServerOptions().Virtual.ToBuilder();
        foreach (var name in domains.Keys)
        {
            var domain = domains.Table(name);
            domain.Idle("dkim");
            if (!DomainName.IsValid(name))
            {
                domains.Error(name, $"must have the name of {DomainForm}");
            }
            else if (options.ContainsKey(name))
            {
                domains.Error(name, "is there twice, letter case apart");
            }

            var dns = domain.Table("dns");
            options[name] = new()
            {
                Tls = TlsReader.ReadVirtual(domain.Table("tls"), tls),
                Dns = dns.IsGiven ? DnsReader.Read(dns) : null,
                Dkim = DkimReader.Read(domain.Table("dkim")),
            };
            domain.Close();
        }

        return options.ToImmutable();
    }

    private static ClusterOptions ReadCluster(TableReader cluster)
    {
        var defaults = new ClusterOptions();
        var options = new ClusterOptions
        {
            ServiceId = cluster.Parse("service_id", defaults.ServiceId, IsNotBlank, "a name"),
            ClusterId = cluster.Parse("cluster_id", defaults.ClusterId, IsNotBlank, "a name"),
            Address = cluster.Parse("address", defaults.Address, IsNotBlank, "an address or a host name"),
            SiloPort = cluster.Integer("silo_port", defaults.SiloPort, max: 65535),
            GatewayPort = cluster.Integer("gateway_port", defaults.GatewayPort, max: 65535),
        };
        if (!cluster.HasFault && options.SiloPort == options.GatewayPort)
        {
            cluster.Error("gateway_port", $"must not be that of {cluster.NameOf("silo_port")}");
        }

        cluster.Close();
        return options;
    }

    private static bool IsNotBlank(string text, out string name)
    {
        name = text;
        return !string.IsNullOrWhiteSpace(text);
    }
}
