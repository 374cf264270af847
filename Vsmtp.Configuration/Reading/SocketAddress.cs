using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Vsmtp.Configuration.Options;

namespace Vsmtp.Configuration.Reading;

/// <summary><c>ip:port</c>, <c>[ip]:port</c>, also with a scope: <c>[fe80::1%eth0]:25</c> (RFC 4007 §11).</summary>
internal static class SocketAddress
{
    public const string Expected = "an address \"ip:port\", with an IPv6 address in brackets";

    public static bool TryParse(string text, [MaybeNullWhen(false)] out IPEndPoint address)
    {
        address = null;
        var colon = text.LastIndexOf(':');
        if (colon < 0
            || !TryParseHost(text[..colon], out var host)
            || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || port > IPEndPoint.MaxPort)
        {
            return false;
        }

        address = new(host, port);
        return true;
    }

    /// <summary>As <see cref="TryParse"/>, but the port may be left out, and is then 53.</summary>
    public static bool TryParseNameServer(string text, [MaybeNullWhen(false)] out IPEndPoint address)
    {
        const int dns = 53;
        if (TryParseHost(text, out var host) || Ipv6Literal.TryParse(text, out host))
        {
            address = new(host, dns);
            return true;
        }

        return TryParse(text, out address) && address.Port != 0;
    }

    private static bool TryParseHost(string text, [MaybeNullWhen(false)] out IPAddress host)
    {
        if (text is ['[', .. var inner, ']'])
        {
            return Ipv6Literal.TryParse(inner, out host);
        }

        // IPAddress also takes "1", "127.1" and octal parts.
        return IPAddress.TryParse(text, out host) && host.AddressFamily == AddressFamily.InterNetwork && host.ToString() == text;
    }
}
