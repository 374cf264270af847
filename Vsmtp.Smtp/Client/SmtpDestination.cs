using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Vsmtp.Mail.Addresses;

namespace Vsmtp.Smtp.Client;

/// <summary>Where to connect to.</summary>
/// <param name="Host">A domain name, or an address without brackets; an IPv6 address may have a scope.</param>
/// <param name="Port">1 to 65535.</param>
public sealed record SmtpDestination(string Host, int Port)
{
    /// <summary>Where to connect to when that is decided; null: to the first address of the host that answers.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>Of SMTP between servers (RFC 5321 §4.5.4.2).</summary>
    public const int DefaultPort = 25;

    /// <summary>
    /// Reads <c>host</c>, <c>host:port</c>, <c>192.0.2.1</c>, <c>192.0.2.1:port</c>, <c>2001:db8::1</c>, <c>[2001:db8::1]</c>,
    /// <c>[2001:db8::1]:port</c>; an IPv6 address may end with <c>%scope</c>. Names come out in lower case.
    /// </summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out SmtpDestination? destination)
    {
        destination = null;
        if (TryReadIpv6(text, out var whole))
        {
            destination = new SmtpDestination(whole, DefaultPort);
            return true;
        }

        var port = DefaultPort;
        var host = text;
        var colon = text.LastIndexOf(':');
        if (colon > text.LastIndexOf(']'))
        {
            if (!TryReadPort(text.AsSpan(colon + 1), out port)) return false;
            host = text[..colon];
        }

        if (!TryReadHost(host, out var read)) return false;
        destination = new SmtpDestination(read, port);
        return true;
    }

    /// <summary>As <see cref="TryParse"/> reads it, the port always given.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}");

    private static bool TryReadHost(string text, out string host)
    {
        if (text is ['[', .. var inner, ']']) return TryReadIpv6(inner, out host);
        host = text.ToLowerInvariant();
        return IsIpv4(text) || DomainName.IsValid(text);
    }

    private static bool TryReadIpv6(string text, out string host)
    {
        host = text;
        // Without this, IPAddress would also take brackets and a port.
        return text.Contains(':', StringComparison.Ordinal) && !text.AsSpan().ContainsAny("[]/")
            && IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6;
    }

    /// <summary>Four decimal numbers: IPAddress alone takes <c>127.1</c> too.</summary>
    private static bool IsIpv4(string text) =>
        text.Count(c => c == '.') == 3 && IPAddress.TryParse(text, out var address) && address.ToString() == text;

    private static bool TryReadPort(ReadOnlySpan<char> digits, out int port) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is >= 1 and <= 65535;
}
