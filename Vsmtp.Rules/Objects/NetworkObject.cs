using System.Net;
using System.Net.Sockets;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Objects;

/// <summary><c>rg4</c> or <c>rg6</c>: the addresses under a prefix.</summary>
internal sealed class NetworkObject(IPNetwork network) : VslObject
{
    public override string Kind => network.BaseAddress.AddressFamily is AddressFamily.InterNetwork ? "rg4" : "rg6";

    public override string ToText() => network.ToString();

    /// <summary>Addresses, and networks that lie wholly inside; a text is read as either, and else is not inside.</summary>
    public override bool? Holds(Value item)
    {
        if (item.TryAsHost<IpObject>(out var ip)) return Holds(ip.Address);
        if (item.TryAsHost<NetworkObject>(out var inner)) return Holds(inner.Network);
        if (!item.TryAsString(out var text)) return null;
        if (IpText.TryParse(text, out var address)) return Holds(address);
        return IpText.TryParseNetwork(text, out var parsed) && Holds(parsed);
    }

    public IPNetwork Network => network;

    protected override bool Equals(VslObject other) => other is NetworkObject right && network.Equals(right.Network);

    protected override bool EqualsText(string text) => IpText.TryParseNetwork(text, out var parsed) && network.Equals(parsed);

    private bool Holds(IPAddress address) => network.Contains(address) || network.Contains(IpText.Normalize(address));

    private bool Holds(IPNetwork inner) => inner.PrefixLength >= network.PrefixLength && network.Contains(inner.BaseAddress);
}
