using System.Net;
using System.Net.Sockets;

namespace Vsmtp.Gateway.Rates;

/// <summary>What stands for a client where clients are counted.</summary>
internal static class ClientPlace
{
    /// <summary>An IPv4 address, or the /64 of an IPv6 address, which one client has for itself.</summary>
    public static IPAddress Of(IPAddress client) => Cut(client, ipv4Octets: 4, ipv6Octets: 8);

    /// <summary>The /24 of an IPv4 address; the /48 of an IPv6 address, which one site has for itself.</summary>
    public static IPAddress NetworkOf(IPAddress client) => Cut(client, ipv4Octets: 3, ipv6Octets: 6);

    private static IPAddress Cut(IPAddress client, int ipv4Octets, int ipv6Octets)
    {
        if (client.IsIPv4MappedToIPv6) client = client.MapToIPv4();
        Span<byte> octets = stackalloc byte[16];
        client.TryWriteBytes(octets, out var length);
        octets[(client.AddressFamily is AddressFamily.InterNetworkV6 ? ipv6Octets : ipv4Octets)..].Clear();
        return new IPAddress(octets[..length]);
    }
}
