using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace Vsmtp.Mail.Addresses;

/// <summary>Address literals: <c>[192.0.2.1]</c> and <c>[IPv6:2001:db8::1]</c> (RFC 5321 §4.1.3).</summary>
public static class AddressLiteral
{
    private const string Ipv6Tag = "IPv6:";

    private static readonly SearchValues<char> Ipv6Characters = SearchValues.Create("0123456789abcdefABCDEF:.");

    /// <summary>
    /// Reads a literal with its brackets. General-address-literals, for which no tag is registered, are refused.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out IPAddress address)
    {
        address = IPAddress.None;
        if (text.Length < 3 || text[0] != '[' || text[^1] != ']') return false;
        var inner = text[1..^1];
        if (!inner.StartsWith(Ipv6Tag, StringComparison.OrdinalIgnoreCase)) return TryParseIpv4(inner, out address);

        inner = inner[Ipv6Tag.Length..];
        // IPAddress also takes scopes, brackets and ports, which RFC 5321 does not.
        if (inner.ContainsAnyExcept(Ipv6Characters)) return false;
        if (!IPAddress.TryParse(inner, out var parsed) || parsed.AddressFamily != AddressFamily.InterNetworkV6) return false;
        address = parsed;
        return true;
    }

    /// <summary>The literal with brackets and tag; an IPv4 address mapped into IPv6 is written as IPv4.</summary>
    public static string Format(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return $"[{address}]";
        // A scope id means nothing to another host.
        return $"[{Ipv6Tag}{new IPAddress(address.GetAddressBytes())}]";
    }

    /// <summary>True for four decimal octets; IPAddress alone would take <c>127.1</c> and <c>0x7f000001</c> too.</summary>
    internal static bool TryParseIpv4(ReadOnlySpan<char> text, out IPAddress address)
    {
        address = IPAddress.None;
        Span<byte> octets = stackalloc byte[4];
        var count = 0;
        foreach (var part in text.Split('.'))
        {
            var digits = text[part];
            if (count == 4 || digits.Length is 0 or > 3 || digits.ContainsAnyExceptInRange('0', '9')) return false;
            if (!byte.TryParse(digits, out octets[count++])) return false;
        }

        if (count != 4) return false;
        address = new IPAddress(octets);
        return true;
    }
}
