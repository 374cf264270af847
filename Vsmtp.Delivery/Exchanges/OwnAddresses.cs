using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;

namespace Vsmtp.Delivery.Exchanges;

/// <summary>Where this server itself takes mail: what is sent there comes back.</summary>
internal sealed class OwnAddresses(ImmutableArray<IPEndPoint> listeners, int port, TimeProvider time)
{
    /// <summary>For so long the machine's addresses are taken to be what they were: to ask for them costs more than a delivery.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromMinutes(1);

    private readonly ImmutableArray<IPAddress> _addresses = [.. listeners.Where(listener => listener.Port == port).Select(static listener => listener.Address)];
    private volatile MachineAddresses? _machine;

    public bool Contains(IPAddress address) =>
        _addresses.Contains(address) || (_addresses.Any(IsEveryAddress) && (IPAddress.IsLoopback(address) || OfMachine().Contains(address)));

    private static bool IsEveryAddress(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    private FrozenSet<IPAddress> OfMachine()
    {
        if (_machine is { } known && time.GetElapsedTime(known.ReadAt) < Freshness) return known.Addresses;
        var addresses = NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(static network => network.GetIPProperties().UnicastAddresses)
            .Select(static own => own.Address)
            .ToFrozenSet();
        _machine = new MachineAddresses(addresses, time.GetTimestamp());
        return addresses;
    }

    private sealed record MachineAddresses(FrozenSet<IPAddress> Addresses, long ReadAt);
}
