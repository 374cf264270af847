using System.Collections.Immutable;

namespace Vsmtp.Configuration.Options;

/// <summary>The table <c>[server]</c>.</summary>
public sealed record ServerOptions
{
    /// <summary>
    /// The server's own name: the greeting, the answer to EHLO, <c>{domain}</c> in reply texts, the rule function
    /// <c>in_domain</c>. ASCII, lower or upper case as written. Default: the machine's host name.
    /// </summary>
    public string Domain { get; init; } = Environment.MachineName;

    /// <summary>
    /// Client connections at one time, above which a new one is told 421; null (-1 in the file) is unlimited.
    /// Default: 1000, so that a burst of ordinary senders is served and memory stays bounded.
    /// </summary>
    public int? ClientCountMax { get; init; } = 1000;

    public SystemOptions System { get; init; } = new();

    public InterfaceOptions Interfaces { get; init; } = new();

    public LogOptions Logs { get; init; } = new();

    public QueueOptions Queues { get; init; } = new();

    public StorageOptions Storage { get; init; } = new();

    public DeliveryOptions Delivery { get; init; } = new();

    public ApiOptions Api { get; init; } = new();

    public DashboardOptions Dashboard { get; init; } = new();

    public SmtpOptions Smtp { get; init; } = new();

    /// <summary>Null: no TLS, neither STARTTLS nor from the first byte. Not yet in effect.</summary>
    public TlsOptions? Tls { get; init; }

    /// <summary>Not yet in effect.</summary>
    public DnsOptions Dns { get; init; } = new();

    /// <summary>Null: nothing is signed unless a virtual domain says so. Not yet in effect.</summary>
    public DkimOptions? Dkim { get; init; }

    /// <summary>
    /// The tables <c>[server.virtual."d"]</c> by domain, letter case ignored. Default: empty. Not yet in effect.
    /// </summary>
    public ImmutableSortedDictionary<string, VirtualDomainOptions> Virtual { get; init; } =
        ImmutableSortedDictionary.Create<string, VirtualDomainOptions>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Read by the Orleans build.</summary>
    public ClusterOptions Cluster { get; init; } = new();
}
