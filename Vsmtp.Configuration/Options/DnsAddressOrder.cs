namespace Vsmtp.Configuration.Options;

/// <summary>Which addresses of a host are looked up, in which order; the names are those of the file.</summary>
public enum DnsAddressOrder
{
    Ipv4Only,
    Ipv6Only,
    Ipv4AndIpv6,
    Ipv6thenIpv4,
    Ipv4thenIpv6,
}
