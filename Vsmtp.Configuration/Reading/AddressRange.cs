using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Vsmtp.Configuration.Options;

namespace Vsmtp.Configuration.Reading;

/// <summary>An address, which is a range of one, or a range of addresses in CIDR notation (RFC 4632 §3.1).</summary>
internal static class AddressRange
{
    public const string Expected =
        "an address, or a range such as \"10.0.0.0/8\" or \"2001:db8::/32\" with no bit set behind its prefix";

    private const int Ipv4Bits = 32;
    private const int Ipv6Bits = 128;

    public static bool TryParse(string text, out IPNetwork range)
    {
        range = default;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!TryParseAddress(slash < 0 ? text : text[..slash], out var address))
        {
            return false;
        }

        var bits = BitsOf(address);
        var prefix = bits;
        if (slash >= 0
            && (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out prefix) || prefix > bits))
        {
            return false;
        }

        // Peers are compared as IPv4 when they are, whatever the socket that they come to (RFC 4291 §2.5.5.2).
        if (address.IsIPv4MappedToIPv6 && prefix >= Ipv6Bits - Ipv4Bits)
        {
            (address, prefix) = (address.MapToIPv4(), prefix - (Ipv6Bits - Ipv4Bits));
        }

        // A range with an address of its midst is a slip of which nobody knows what was meant: that host, or all of them.
        return IPNetwork.TryParse($"{address}/{prefix}", out range) && range.BaseAddress.Equals(address);
    }

    public static string Format(IPNetwork range) =>
        range.PrefixLength == BitsOf(range.BaseAddress) ? range.BaseAddress.ToString() : range.ToString();

    private static int BitsOf(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork ? Ipv4Bits : Ipv6Bits;

    private static bool TryParseAddress(string text, out IPAddress address) =>
        // IPAddress also takes "1", "127.1" and octal parts. A scope says where to send, which is not asked for here.
        (Ipv6Literal.TryParse(text, out address!) && !text.Contains('%', StringComparison.Ordinal))
        || (IPAddress.TryParse(text, out address!) && address.AddressFamily == AddressFamily.InterNetwork && address.ToString() == text);
}
