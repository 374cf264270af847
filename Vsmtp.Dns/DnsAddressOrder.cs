namespace Vsmtp.Dns;

/// <summary>Which addresses of a host are looked up, and which stand first. Who delivers tries all of them (RFC 5321 §5.1).</summary>
public enum DnsAddressOrder
{
    Ipv4Only,
    Ipv6Only,

    /// <summary>Both, by turns, beginning with IPv4 (RFC 8305 §4 turns them so).</summary>
    Ipv4AndIpv6,

    /// <summary>Both, those of IPv6 first.</summary>
    Ipv6thenIpv4,

    /// <summary>Both, those of IPv4 first.</summary>
    Ipv4thenIpv6,
}
