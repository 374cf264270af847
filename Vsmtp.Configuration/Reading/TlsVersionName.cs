using System.Collections.Immutable;
using Vsmtp.Configuration.Options;

namespace Vsmtp.Configuration.Reading;

/// <summary>The names of TLS versions in the file.</summary>
internal static class TlsVersionName
{
    public static string Of(TlsVersion version) => version == TlsVersion.Tls12 ? "TLSv1.2" : "TLSv1.3";

    public static bool TryParse(string text, out TlsVersion version)
    {
        var parsed = text switch
        {
            "TLSv1.2" or "0x0303" => TlsVersion.Tls12,
            "TLSv1.3" or "0x0304" => TlsVersion.Tls13,
            _ => (TlsVersion?)null,
        };
        version = parsed ?? TlsVersion.Tls13;
        return parsed is not null;
    }

    /// <summary>One version, or that and all later ones: <c>&gt;=TLSv1.2</c>, <c>^TLSv1.2</c>.</summary>
    public static bool TryParseRange(string text, out ImmutableArray<TlsVersion> versions)
    {
        var prefix = text.StartsWith(">=", StringComparison.Ordinal) ? 2 : text.StartsWith('^') ? 1 : 0;
        if (!TryParse(text[prefix..].Trim(), out var version))
        {
            versions = [];
            return false;
        }

        versions = prefix == 0 ? [version] : [.. Enum.GetValues<TlsVersion>().Where(v => v >= version)];
        return true;
    }
}
