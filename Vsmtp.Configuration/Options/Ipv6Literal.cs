using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Vsmtp.Configuration.Options;

/// <summary>An IPv6 address without brackets, perhaps with a scope: <c>fe80::1%eth0</c> (RFC 4007 §11).</summary>
internal static class Ipv6Literal
{
    public static bool TryParse(string text, [MaybeNullWhen(false)] out IPAddress address)
    {
        // IPAddress also takes "[::1]:25" and forgets the port, "::1/64", and the name of an interface that this machine lacks
        // for no scope at all.
        var percent = text.IndexOf('%', StringComparison.Ordinal);
        var plain = percent < 0 ? text : text[..percent];
        var isPlain = plain.All(c => char.IsAsciiHexDigit(c) || c is ':' or '.');
        address = null;
        return isPlain
            && IPAddress.TryParse(text, out address)
            && address.AddressFamily == AddressFamily.InterNetworkV6
            && (percent < 0 || address.ScopeId != 0 || text.AsSpan(percent + 1) is "0");
    }
}
