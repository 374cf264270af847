using System.Net;

namespace Vsmtp.Rules.Objects;

/// <summary>Networks, found by any address or network inside them with one look-up for each length of prefix there is.</summary>
internal sealed class NetworkTable
{
    private readonly Dictionary<(int AddressBytes, int Prefix), HashSet<IPAddress>> _bases = [];

    public bool IsEmpty => _bases.Count == 0;

    public void Add(IPNetwork network)
    {
        var key = (network.BaseAddress.GetAddressBytes().Length, network.PrefixLength);
        if (!_bases.TryGetValue(key, out var bases)) _bases.Add(key, bases = []);
        bases.Add(network.BaseAddress);
    }

    /// <summary>An IPv4 address mapped into IPv6 lies in networks of either family.</summary>
    public bool Holds(IPAddress address)
    {
        if (_bases.Count == 0) return false;
        var plain = IpText.Normalize(address);
        return HoldsExactly(plain, plain.GetAddressBytes().Length * 8)
            || (address.IsIPv4MappedToIPv6 && HoldsExactly(address, address.GetAddressBytes().Length * 8));
    }

    /// <summary>Whether the whole network lies in one of these; the same one does.</summary>
    public bool Holds(IPNetwork network) => HoldsExactly(network.BaseAddress, network.PrefixLength);

    private bool HoldsExactly(IPAddress address, int longestPrefix)
    {
        var bytes = address.GetAddressBytes();
        foreach (var ((length, prefix), bases) in _bases)
        {
            if (length == bytes.Length && prefix <= longestPrefix && bases.Contains(IpText.Mask(bytes, prefix))) return true;
        }

        return false;
    }
}
