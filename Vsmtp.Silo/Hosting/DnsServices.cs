using System.Collections.Immutable;
using System.Net;
using Vsmtp.Configuration.Options;
using Vsmtp.Delivery.Exchanges;
using Vsmtp.Dns;

namespace Vsmtp.Silo.Hosting;

/// <summary>Resolvers as <c>[server.dns]</c> and <c>[server.virtual."d".dns]</c> have them.</summary>
public static class DnsServices
{
    // Each family's addresses, so that a machine with only one of them finds a server (developers.google.com/speed/public-dns, 1.1.1.1/dns).
    private static readonly ImmutableArray<string> Google = ["8.8.8.8", "8.8.4.4", "2001:4860:4860::8888", "2001:4860:4860::8844"];
    private static readonly ImmutableArray<string> Cloudflare = ["1.1.1.1", "1.0.0.1", "2606:4700:4700::1111", "2606:4700:4700::1001"];

    /// <summary>For deliveries.</summary>
    internal static DnsResolvers MakeResolvers(ServerOptions server, TimeProvider time) => new(
        new DnsResolver(OptionsOf(server.Dns), time),
        server.Virtual.Where(static domain => domain.Value.Dns is not null).ToDictionary(
            static domain => domain.Key, domain => (IDnsResolver)new DnsResolver(OptionsOf(domain.Value.Dns!), time)));

    /// <summary>The site's own, for rules; it holds nothing until it is asked.</summary>
    public static IDnsResolver MakeResolver(DnsOptions dns, TimeProvider time) => new DnsResolver(OptionsOf(dns), time);

    private static DnsResolverOptions OptionsOf(DnsOptions dns) => dns.Type is DnsSource.System ? DnsResolverOptions.FromResolvConf() : new()
    {
        Servers = dns.Type switch
        {
            DnsSource.Google => ServersOf(Google),
            DnsSource.Cloudflare => ServersOf(Cloudflare),
            _ => dns.NameServers,
        },
        Timeout = dns.Options.Timeout,
        Attempts = dns.Options.Attempts + 1,
        Rotate = dns.Options.Rotate,
        Dnssec = dns.Options.Dnssec,
        AddressOrder = Enum.Parse<Dns.DnsAddressOrder>(dns.Options.IpStrategy.ToString()),
        CacheSize = dns.Options.CacheSize,
        UseHostsFile = dns.Options.UseHostsFile,
        MaxConcurrentRequests = dns.Options.ConcurrentRequests,
    };

    private static ImmutableArray<IPEndPoint> ServersOf(ImmutableArray<string> addresses) =>
        [.. addresses.Select(static address => new IPEndPoint(IPAddress.Parse(address), 53))];
}
