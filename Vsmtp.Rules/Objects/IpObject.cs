using System.Net;
using System.Net.Sockets;

namespace Vsmtp.Rules.Objects;

/// <summary><c>ip4</c> or <c>ip6</c>.</summary>
internal sealed class IpObject(IPAddress address) : VslObject
{
    public IPAddress Address { get; } = address;

    public override string Kind => Address.AddressFamily is AddressFamily.InterNetwork ? "ip4" : "ip6";

    public override string ToText() => Address.ToString();

    protected override bool Equals(VslObject other) => other is IpObject ip && Equals(ip.Address);

    protected override bool EqualsText(string text) => IpText.TryParse(text, out var ip) && Equals(ip);

    private bool Equals(IPAddress other) => IpText.Normalize(Address).Equals(IpText.Normalize(other));
}
