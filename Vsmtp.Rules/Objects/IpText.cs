using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Vsmtp.Mail.Addresses;

namespace Vsmtp.Rules.Objects;

/// <summary>IP addresses as scripts write them.</summary>
internal static class IpText
{
    private static readonly SearchValues<char> Characters = SearchValues.Create("0123456789abcdefABCDEF.:");

    /// <summary>Takes four decimal octets or an IPv6 address without brackets, port and scope.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out IPAddress? address)
    {
        address = null;
        if (text.AsSpan().ContainsAnyExcept(Characters)) return false;
        // IPAddress alone takes 127.1, 0x7f000001 and [::1]:25 too.
        var isAddress = AddressLiteral.TryParse($"[{text}]", out address) && address.AddressFamily is AddressFamily.InterNetwork;
        return isAddress || AddressLiteral.TryParse($"[IPv6:{text}]", out address);
    }

    /// <summary>Takes <c>address/prefix</c>; bits beyond the prefix are cleared.</summary>
    public static bool TryParseNetwork(string text, out IPNetwork network)
    {
        network = default;
        var slash = text.LastIndexOf('/');
        if (slash < 0 || !TryParse(text[..slash], out var address)) return false;
        var digits = text.AsSpan(slash + 1);
        if (digits.Length is 0 or > 3 || digits.ContainsAnyExceptInRange('0', '9')) return false;
        var bytes = address.GetAddressBytes();
        var prefix = int.Parse(digits);
        if (prefix > bytes.Length * 8) return false;
        network = new IPNetwork(Mask(bytes, prefix), prefix);
        return true;
    }

    /// <summary>An address as rules compare it: an IPv4 address mapped into IPv6 is IPv4, and a scope is dropped.</summary>
    public static IPAddress Normalize(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : new IPAddress(address.GetAddressBytes());

    /// <summary>The address with all bits beyond the prefix cleared.</summary>
    public static IPAddress Mask(ReadOnlySpan<byte> address, int prefix)
    {
        Span<byte> bytes = stackalloc byte[address.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            var kept = Math.Clamp(prefix - (i * 8), 0, 8);
            bytes[i] = (byte)(address[i] & (0xFF << (8 - kept)));
        }

        return new IPAddress(bytes);
    }
}
