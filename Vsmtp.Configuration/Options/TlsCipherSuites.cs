using System.Collections.Immutable;
using System.Net.Security;

namespace Vsmtp.Configuration.Options;

/// <summary>The cipher suites that <c>server.tls.cipher_suite</c> may name.</summary>
public static class TlsCipherSuites
{
    /// <summary>All that there are, the preferred first: forward secret and authenticated, none else.</summary>
    public static readonly ImmutableArray<TlsCipherSuite> Default =
    [
        TlsCipherSuite.TLS_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
    ];

    /// <summary>The only version that has it: those of TLS 1.3 say nothing of keys (RFC 8446 §B.4).</summary>
    internal static TlsVersion VersionOf(TlsCipherSuite suite) =>
        suite.ToString().Contains("_WITH_", StringComparison.Ordinal) ? TlsVersion.Tls12 : TlsVersion.Tls13;

    /// <summary>Takes the registered name, and <c>TLS13_…</c>, as files of the earlier program have it.</summary>
    internal static bool TryParse(string name, out TlsCipherSuite suite)
    {
        var registered = name.StartsWith("TLS13_", StringComparison.Ordinal) ? "TLS_" + name[6..] : name;
        suite = Default.FirstOrDefault(s => s.ToString() == registered);
        return suite != default;
    }
}
