using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Vsmtp.Dns.Names;

/// <summary>The names under which addresses are looked up.</summary>
public static class ReverseName
{
    /// <summary>
    /// <c>1.2.0.192.in-addr.arpa</c> for 192.0.2.1 (RFC 1035 §3.5); the 32 nibbles below <c>ip6.arpa</c> for IPv6 (RFC 3596 §2.5).
    /// An IPv4 address in an IPv6 one (<c>::ffff:192.0.2.1</c>) is taken for IPv4; a scope is not part of the name.
    /// </summary>
    public static DnsName Of(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        var octets = address.GetAddressBytes();
        var name = new StringBuilder();
        for (var i = octets.Length - 1; i >= 0; i--)
        {
            if (address.AddressFamily == AddressFamily.InterNetwork) name.Append(octets[i]).Append('.');
            else name.Append((octets[i] & 15).ToString("x")).Append('.').Append((octets[i] >> 4).ToString("x")).Append('.');
        }

        return DnsName.Parse(name.Append(address.AddressFamily == AddressFamily.InterNetwork ? "in-addr.arpa" : "ip6.arpa").ToString());
    }
}
