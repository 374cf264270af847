using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Vsmtp.Mail.Addresses;

namespace Vsmtp.Mail.Transfer;

/// <summary>
/// A server that a rule or the configuration names by URL: <c>smtp://[user:password@]host[:port][?tls=none|opportunistic|required|verify|tunnel]</c>,
/// <c>smtps://…[?tls=verify]</c> (TLS from the first octet), <c>lmtp://…</c> (RFC 2033).
/// </summary>
/// <param name="Host">A domain, or an address without brackets.</param>
/// <param name="Port">1 to 65535; without one 25, for smtps 465 (RFC 8314), for lmtp 24.</param>
/// <param name="Tls">At which level a session is good enough; for smtp <see cref="TlsLevel.May"/> if nothing is said.</param>
/// <param name="IsTlsFirst">There is no session in clear before it.</param>
public sealed partial record ForwardUrl(string Host, int Port, TransferProtocol Protocol, TlsLevel Tls, bool IsTlsFirst)
{
    /// <summary>As whom to sign on; null: as nobody. In a URL both are percent-encoded.</summary>
    public (string User, string Password)? Credentials { get; private init; }

    /// <summary>What makes a text a URL, good or bad, and no host.</summary>
    public const string Mark = "://";

    private static readonly SearchValues<char> Quotes = SearchValues.Create(" \t\"'`");

    /// <param name="fault">What is wrong with it, in words; null when nothing is.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out ForwardUrl? url, out string? fault)
    {
        (url, fault) = (null, null);
        var mark = text.IndexOf(Mark, StringComparison.Ordinal);
        var scheme = mark < 0 ? "" : text[..mark].ToLowerInvariant();
        if (scheme is not ("smtp" or "smtps" or "lmtp")) fault = "the URL begins with smtp://, smtps:// or lmtp://";
        else if (!TrySplit(text[(mark + Mark.Length)..], out var place, out var query)) fault = "the URL has a path or more than one question mark";
        else if (!TryReadCredentials(ref place, out var credentials)) fault = "before the @ stands user:password, with blanks and quotes percent-encoded";
        else if (!TryReadPlace(place, DefaultPort(scheme), out var host, out var port)) fault = "what the URL names is neither host nor host:port";    // not shown: it may be half a password
        else if (!TryReadTls(scheme, query, out var tls, out var isFirst)) fault = "behind the question mark stands tls=none, opportunistic, required, verify or tunnel";
        else
        {
            url = new ForwardUrl(host, port, scheme == "lmtp" ? TransferProtocol.Lmtp : TransferProtocol.Smtp, tls, isFirst) { Credentials = credentials };
        }

        return url is not null;
    }

    /// <summary>All of it, as <see cref="TryParse"/> reads it, but with *** for the password, which is for nobody to see.</summary>
    public override string ToString()
    {
        var scheme = Protocol == TransferProtocol.Lmtp ? "lmtp" : IsTlsFirst ? "smtps" : "smtp";
        var credentials = Credentials is var (user, _) ? $"{Uri.EscapeDataString(user)}:***@" : "";
        var host = Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;
        return string.Create(CultureInfo.InvariantCulture, $"{scheme}{Mark}{credentials}{host}:{Port}{Query}");
    }

    /// <summary>The text of a URL, good or bad, as it may be shown: without a password.</summary>
    public static string WithoutSecrets(string text)
    {
        var start = text.IndexOf(Mark, StringComparison.Ordinal) + Mark.Length;
        var end = text.LastIndexOf('@');
        return start < Mark.Length || end < start ? text : $"{text[..start]}…{text[end..]}";
    }

    /// <summary>A text in which URLs may stand, such as a line of a rule, as it may be shown: without their passwords.</summary>
    public static string WithoutSecretsIn(string text) => BeforeTheHost().Replace(text, "$1…@");

    /// <summary>Up to the last @ of a URL, which ends where a string of a rule does.</summary>
    [GeneratedRegex("""((?:smtps?|lmtp)://)[^\s"'`]*@""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex BeforeTheHost();

    private string Query => (Tls, IsTlsFirst) switch
    {
        (TlsLevel.None, _) => "?tls=none",
        (TlsLevel.May, _) => "?tls=opportunistic",
        (TlsLevel.Verify, _) => "?tls=verify",
        (_, true) => "",
        _ => "?tls=required",
    };

    private static int DefaultPort(string scheme) => scheme switch
    {
        "smtps" => 465,
        "lmtp" => 24,
        _ => 25,
    };

    private static bool TrySplit(string rest, out string place, out string query)
    {
        var parts = rest.Split('?');
        place = parts[0].EndsWith('/') ? parts[0][..^1] : parts[0];
        query = parts.Length > 1 ? parts[1] : "";
        return parts.Length <= 2 && !place.Contains('/', StringComparison.Ordinal);
    }

    /// <summary>Takes them off the place.</summary>
    private static bool TryReadCredentials(ref string place, out (string User, string Password)? credentials)
    {
        credentials = null;
        var at = place.LastIndexOf('@');
        if (at < 0) return true;
        var colon = place.IndexOf(':', StringComparison.Ordinal);
        // Between them a URL is known for one, and its password hidden, wherever it stands.
        if (colon < 1 || colon > at || place.AsSpan(0, at).ContainsAny(Quotes)) return false;
        credentials = (Uri.UnescapeDataString(place[..colon]), Uri.UnescapeDataString(place[(colon + 1)..at]));
        place = place[(at + 1)..];
        return true;
    }

    private static bool TryReadPlace(string place, int defaultPort, out string host, out int port)
    {
        port = defaultPort;
        host = place;
        var colon = place.LastIndexOf(':');
        if (colon > place.LastIndexOf(']'))
        {
            host = place[..colon];
            if (!int.TryParse(place.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) || port is < 1 or > 65535) return false;
        }

        if (host is ['[', .. var inner, ']'])
        {
            host = inner;
            return inner.Contains(':', StringComparison.Ordinal) && IPAddress.TryParse(inner, out _);
        }

        host = host.ToLowerInvariant();
        return DomainName.IsValid(host) || (host.Count(static c => c == '.') == 3 && IPAddress.TryParse(host, out _));
    }

    private static bool TryReadTls(string scheme, string query, out TlsLevel level, out bool isFirst)
    {
        (TlsLevel Level, bool IsFirst)? read = (scheme, query) switch
        {
            ("smtps", "" or "tls=tunnel") or ("smtp", "tls=tunnel") => (TlsLevel.Encrypt, true),
            ("smtps", "tls=verify") => (TlsLevel.Verify, true),
            ("smtp", "") or (not "smtps", "tls=opportunistic") => (TlsLevel.May, false),
            ("lmtp", "") or (not "smtps", "tls=none") => (TlsLevel.None, false),
            (not "smtps", "tls=required") => (TlsLevel.Encrypt, false),
            (not "smtps", "tls=verify") => (TlsLevel.Verify, false),
            _ => null,
        };
        (level, isFirst) = read ?? default;
        return read is not null;
    }
}
