using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Vsmtp.Configuration.Options;

/// <summary>A server by name or address; the name is resolved at each connect.</summary>
/// <param name="Host">A host name, an IPv4 address, or an IPv6 address without brackets.</param>
/// <param name="Port">1 to 65535.</param>
public sealed record HostAndPort(string Host, int Port)
{
    /// <summary>Takes <c>host:port</c>; an IPv6 address stands in brackets (RFC 3986 §3.2.2).</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out HostAndPort? result)
    {
        result = null;
        var colon = text.LastIndexOf(':');
        if (colon < 1 || !TryParsePort(text.AsSpan(colon + 1), out var port))
        {
            return false;
        }

        var host = text[..colon];
        if (host is ['[', .. var address, ']'])
        {
            if (!Ipv6Literal.TryParse(address, out _))
            {
                return false;
            }

            host = address;
        }
        else if (!DomainName.IsValid(host))
        {
            return false;
        }

        result = new(host, port);
        return true;
    }

    public override string ToString() =>
        Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";

    private static bool TryParsePort(ReadOnlySpan<char> text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is >= 1 and <= 65535;
}
