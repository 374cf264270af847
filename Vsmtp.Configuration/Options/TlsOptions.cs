using System.Collections.Immutable;
using System.Net.Security;

namespace Vsmtp.Configuration.Options;

/// <summary>The table <c>[server.tls]</c>. Not yet in effect.</summary>
public sealed record TlsOptions
{
    /// <summary>Mandatory in the file.</summary>
    public required TlsSecurityLevel SecurityLevel { get; init; }

    /// <summary>The server's order of cipher suites wins. Default: false.</summary>
    public bool PreemptCipherList { get; init; }

    /// <summary>From the first byte of the handshake to its last. Default: 1 second.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Oldest first, each once, never empty. Mandatory in the file.</summary>
    public required ImmutableArray<TlsVersion> ProtocolVersion { get; init; }

    /// <summary>Default: <see cref="TlsCipherSuites.Default"/>.</summary>
    public ImmutableArray<TlsCipherSuite> CipherSuite { get; init; } = TlsCipherSuites.Default;

    /// <summary>Absolute path of a PEM file with the certificate and then its chain. Mandatory in the file.</summary>
    public required string Certificate { get; init; }

    /// <summary>Absolute path of a PEM file with the certificate's RSA or EC key. Mandatory in the file.</summary>
    public required string PrivateKey { get; init; }
}
