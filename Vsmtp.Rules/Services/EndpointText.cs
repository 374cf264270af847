using System.Net;
using Vsmtp.Mail.Addresses;
using Vsmtp.Rules.Objects;

namespace Vsmtp.Rules.Services;

/// <summary>Places on the network as scripts write them.</summary>
internal static class EndpointText
{
    /// <summary>Takes <c>host:port</c>, <c>ip:port</c> and <c>[ipv6]:port</c>.</summary>
    public static bool TryParse(string text, out string host, out int port)
    {
        (host, port) = ("", 0);
        var colon = text.LastIndexOf(':');
        if (colon < 1 || !IsPort(text.AsSpan(colon + 1), out port)) return false;
        host = text[..colon];
        if (host is not ['[', .. var inner, ']']) return IsHost(host);
        host = inner;
        return TryParseIpv6(inner);
    }

    /// <summary>Takes <c>ip:port</c> and <c>[ipv6]:port</c>.</summary>
    public static bool TryParseIp(string text, out IPEndPoint endpoint)
    {
        endpoint = new IPEndPoint(IPAddress.None, 0);
        if (!TryParse(text, out var host, out var port) || !IPAddress.TryParse(host, out var address)) return false;
        endpoint = new IPEndPoint(address, port);
        return true;
    }

    /// <summary>A domain name or an IPv4 address.</summary>
    public static bool IsHost(string text) => DomainName.IsValid(text) || (IpText.TryParse(text, out _) && !text.Contains(':'));

    /// <summary>An IPv6 address, with its scope or not.</summary>
    public static bool TryParseIpv6(string text) => text.Split('%') switch
    {
        [var address] => IpText.TryParse(address, out _) && address.Contains(':'),
        [var address, { Length: > 0 } scope] => TryParseIpv6(address) && scope.All(IsScopeCharacter),
        _ => false,
    };

    private static bool IsScopeCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.';

    private static bool IsPort(ReadOnlySpan<char> digits, out int port)
    {
        port = 0;
        if (digits.Length is 0 or > 5 || digits.ContainsAnyExceptInRange('0', '9')) return false;
        port = int.Parse(digits);
        return port is > 0 and <= 65535;
    }
}
