using Vsmtp.Configuration.Options;
using Vsmtp.Configuration.Reading;
using Vsmtp.Mail.Transfer;

namespace Vsmtp.Configuration.Writing;

/// <summary>The table <c>[server]</c> as plain values.</summary>
internal static class ServerTree
{
    public static TreeBuilder Of(ServerOptions server)
    {
        var tree = new TreeBuilder()
            .Add("domain", server.Domain)
            .AddLimit("client_count_max", server.ClientCountMax)
            .Add("system", OfSystem(server.System))
            .Add("interfaces", new TreeBuilder()
                .Add("addr", server.Interfaces.Addr)
                .Add("addr_submission", server.Interfaces.AddrSubmission)
                .Add("addr_submissions", server.Interfaces.AddrSubmissions)
                .Add("balancers", server.Interfaces.Balancers.Select(AddressRange.Format))
                .Add("xclient", server.Interfaces.XClient.Select(AddressRange.Format))
                .Add("xforward", server.Interfaces.XForward.Select(AddressRange.Format)))
            .Add("logs", new TreeBuilder()
                .Add("filepath", server.Logs.FilePath)
                .Add("format", server.Logs.Format)
                .Add("level", server.Logs.Level.Select(l => l.ToString())))
            .Add("queues", OfQueues(server.Queues))
            .Add("storage", new TreeBuilder()
                .Add("url", server.Storage.Url.ToString())
                .Add("free_space_min", server.Storage.FreeSpaceMin))
            .Add("delivery", new TreeBuilder()
                .Add("relayhost", server.Delivery.RelayHost is { } relay ? DeliveryReader.Format(relay) : null)
                .Add("tls", OfDestinations(server.Delivery.Tls))
                .Add("mx_port", server.Delivery.MxPort)
                .Add("mta_sts_port", server.Delivery.MtaStsPort)
                .Add("delay_warning", server.Delivery.DelayWarning is { } age ? HumanDuration.Format(age) : null)
                .Add("postmaster", server.Delivery.Postmaster?.ToString())
                .Add("maildir_root", server.Delivery.MaildirRoot))
            .Add("api", new TreeBuilder().Add("socket", server.Api.Socket))
            .Add("dashboard", new TreeBuilder()
                .Add("addr", server.Dashboard.Addr?.ToString() ?? "")
                .Add("password_file", server.Dashboard.PasswordFile))
            .Add("smtp", SmtpTree.Of(server.Smtp))
            .Add("tls", server.Tls is null ? null : OfTls(server.Tls))
            .Add("dns", OfDns(server.Dns))
            .Add("dkim", OfDkim(server.Dkim));
        AddVirtual(tree, server);
        return tree.Add("cluster", new TreeBuilder()
            .Add("service_id", server.Cluster.ServiceId)
            .Add("cluster_id", server.Cluster.ClusterId)
            .Add("address", server.Cluster.Address)
            .Add("silo_port", server.Cluster.SiloPort)
            .Add("gateway_port", server.Cluster.GatewayPort));
    }

    private static TreeBuilder OfSystem(SystemOptions system) => new TreeBuilder()
        .Add("user", system.User)
        .Add("group", system.Group)
        .Add("group_local", system.GroupLocal)
        .Add("thread_pool", new TreeBuilder()
            .Add("receiver", system.ThreadPool.Receiver)
            .Add("processing", system.ThreadPool.Processing)
            .Add("delivery", system.ThreadPool.Delivery));

    private static TreeBuilder OfQueues(QueueOptions queues) => new TreeBuilder()
        .Add("dirpath", queues.DirPath)
        .Add("working", new TreeBuilder().Add("channel_size", queues.Working.ChannelSize))
        .Add("delivery", new TreeBuilder()
            .Add("channel_size", queues.Delivery.ChannelSize)
            .Add("deferred_retry_max", queues.Delivery.DeferredRetryMax)
            .Add("deferred_retry_period", queues.Delivery.DeferredRetryPeriod));

    private static TreeBuilder OfDestinations(DestinationTls tls)
    {
        var domains = new TreeBuilder();
        foreach (var (name, rule) in tls.Domains)
        {
            var level = DestinationTlsReader.NameOf(rule.Level);
            if (rule.Names is { } names) domains.Add(name, new TreeBuilder().Add("level", level).Add("match", names.Patterns));
            else domains.Add(name, level);
        }

        return new TreeBuilder().Add("default", DestinationTlsReader.NameOf(tls.Default)).Add("domains", domains);
    }

    private static TreeBuilder OfTls(TlsOptions tls) => AddLevel(new(), "security_level", tls.SecurityLevel)
        .Add("preempt_cipherlist", tls.PreemptCipherList)
        .Add("handshake_timeout", tls.HandshakeTimeout)
        .Add("protocol_version", tls.ProtocolVersion.Select(TlsVersionName.Of))
        .Add("cipher_suite", tls.CipherSuite.Select(s => s.ToString()))
        .Add("certificate", tls.Certificate)
        .Add("private_key", tls.PrivateKey);

    private static TreeBuilder AddLevel(TreeBuilder tree, string key, TlsSecurityLevel level) => level switch
    {
        TlsSecurityLevel.Dane dane => tree.Add(key, new TreeBuilder().Add("Dane", new TreeBuilder().Add("port", dane.Port))),
        TlsSecurityLevel.Encrypt => tree.Add(key, "Encrypt"),
        _ => tree.Add(key, "May"),
    };

    private static TreeBuilder OfDns(DnsOptions dns)
    {
        var tree = new TreeBuilder().Add("type", dns.Type.ToString().ToLowerInvariant());
        if (dns.Type == DnsSource.Custom)
        {
            tree.Add("config", new TreeBuilder().Add("name_servers", dns.NameServers));
        }

        return dns.Type == DnsSource.System ? tree : tree.Add("options", new TreeBuilder()
            .Add("timeout", dns.Options.Timeout)
            .Add("attempts", dns.Options.Attempts)
            .Add("rotate", dns.Options.Rotate)
            .Add("dnssec", dns.Options.Dnssec)
            .Add("ip_strategy", dns.Options.IpStrategy.ToString())
            .Add("cache_size", dns.Options.CacheSize)
            .Add("use_hosts_file", dns.Options.UseHostsFile)
            .Add("num_concurrent_reqs", dns.Options.ConcurrentRequests));
    }

    private static TreeBuilder? OfDkim(DkimOptions? dkim) =>
        dkim is null ? null : new TreeBuilder().Add("private_key", dkim.PrivateKey);

    private static void AddVirtual(TreeBuilder tree, ServerOptions server)
    {
        var domains = new TreeBuilder();
        foreach (var (name, domain) in server.Virtual)
        {
            domains.Add(name, new TreeBuilder()
                .Add("tls", domain.Tls is null ? null : OfVirtualTls(domain.Tls))
                .Add("dns", domain.Dns is null ? null : OfDns(domain.Dns))
                .Add("dkim", OfDkim(domain.Dkim)));
        }

        tree.Add("virtual", domains);
    }

    private static TreeBuilder OfVirtualTls(VirtualTlsOptions tls) => AddLevel(new(), "sender_security_level", tls.SenderSecurityLevel)
        .Add("protocol_version", tls.ProtocolVersion.Select(TlsVersionName.Of))
        .Add("certificate", tls.Certificate)
        .Add("private_key", tls.PrivateKey);
}
