using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;

namespace Vsmtp.Delivery.Exchanges;

/// <summary>Where this server itself takes mail: what is sent there comes back.</summary>
internal sealed class OwnAddresses(ImmutableArray<IPEndPoint> listeners, int port)
{
    private readonly ImmutableArray<IPAddress> _addresses = [.. listeners.Where(listener => listener.Port == port).Select(static listener => listener.Address)];

    public bool Contains(IPAddress address) =>
        _addresses.Contains(address) || (_addresses.Any(own => own.Equals(IPAddress.Any) || own.Equals(IPAddress.IPv6Any)) && IsOfThisMachine(address));

    private static bool IsOfThisMachine(IPAddress address) => IPAddress.IsLoopback(address) || NetworkInterface.GetAllNetworkInterfaces()
        .SelectMany(static network => network.GetIPProperties().UnicastAddresses).Any(own => own.Address.Equals(address));
}
