using System.Collections.Immutable;
using System.Net;

namespace Vsmtp.Dns;

/// <summary>Whom to ask, how long, and what to keep.</summary>
public sealed record DnsResolverOptions
{
    /// <summary>
    /// The servers, which must resolve for us (RFC 1034 §5.3.1: we are a stub). Empty: 127.0.0.1:53. Default: empty.
    /// <see cref="FromResolvConf"/> has those of the machine.
    /// </summary>
    public ImmutableArray<IPEndPoint> Servers { get; init; } = [];

    /// <summary>For one question to one server, UDP and TCP each. Default: 5 seconds.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often all servers are gone through, at least 1. Default: 2.</summary>
    public int Attempts { get; init; } = 2;

    /// <summary>Each question begins with another server. Default: false, in the order given.</summary>
    public bool Rotate { get; init; }

    /// <summary>Default: <see cref="DnsAddressOrder.Ipv4thenIpv6"/>.</summary>
    public DnsAddressOrder AddressOrder { get; init; } = DnsAddressOrder.Ipv4thenIpv6;

    /// <summary>Answers kept; 0 keeps none. Default: 32.</summary>
    public int CacheSize { get; init; } = 32;

    /// <summary>Whether <see cref="HostsFile"/> goes before the servers. Default: true.</summary>
    public bool UseHostsFile { get; init; } = true;

    /// <summary>hosts(5); one that is not there is empty. Default: <c>/etc/hosts</c>.</summary>
    public string HostsFile { get; init; } = "/etc/hosts";

    /// <summary>
    /// Servers asked at the same time for one question (<c>num_concurrent_reqs</c>), at least 1; the first useful answer counts.
    /// 1 asks them strictly one after the other, as it must be where they do not know the same names. Default: 2.
    /// </summary>
    public int MaxConcurrentRequests { get; init; } = 2;

    /// <summary>Questions of all callers that are with servers at the same time; further ones wait their turn. Default: 256.</summary>
    public int MaxOpenQuestions { get; init; } = 256;

    /// <summary>
    /// Asks for DNSSEC (the bits DO and AD), so that <see cref="DnsAnswer.IsAuthenticated"/> can be true. The server validates, not we:
    /// only one on loopback is believed, so what listens there must validate and not merely pass on what others say. Default: false.
    /// </summary>
    public bool Dnssec { get; init; }

    /// <summary>Options with the servers of the machine, asked one after the other.</summary>
    /// <param name="path">resolv.conf(5); one that is not there, or names no server, means 127.0.0.1:53.</param>
    public static DnsResolverOptions FromResolvConf(string path = "/etc/resolv.conf") => Resolving.ResolvConf.Read(path);
}
