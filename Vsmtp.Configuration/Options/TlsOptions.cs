using System.Collections.Immutable;
using System.Net.Security;

namespace Vsmtp.Configuration.Options;

/// <summary>The table <c>[server.tls]</c>.</summary>
public sealed record TlsOptions
{
    /// <summary>Mandatory in the file.</summary>
    public required TlsSecurityLevel SecurityLevel { get; init; }

    /// <summary>The server's order of cipher suites wins. OpenSSL, as .NET sets it up, knows no other way. Default: false.</summary>
    public bool PreemptCipherList { get; init; }

    /// <summary>
    /// From the first byte of the handshake to its last. Default: 10 seconds, since a segment that is lost is sent again after one
    /// (RFC 6298 §2), and a handshake takes two rounds.
    /// </summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Oldest first, each once, never empty. Mandatory in the file.</summary>
    public required ImmutableArray<TlsVersion> ProtocolVersion { get; init; }

    /// <summary>Default: <see cref="TlsCipherSuites.Default"/>.</summary>
    public ImmutableArray<TlsCipherSuite> CipherSuite { get; init; } = TlsCipherSuites.Default;

    /// <summary>Absolute path of a PEM file with the certificate and then its chain. Mandatory in the file.</summary>
    public required string Certificate { get; init; }

    /// <summary>Absolute path of a PEM file with the certificate's RSA or EC key. Mandatory in the file.</summary>
    public required string PrivateKey { get; init; }

    /// <summary>Where <see cref="Certificate"/> stands, for what shows only when it is used.</summary>
    public required SourcePlace Place { get; init; }
}
