using System.Collections.Immutable;

namespace Vsmtp.Configuration.Options;

/// <summary>The table <c>[server.virtual."d".tls]</c>.</summary>
public sealed record VirtualTlsOptions
{
    /// <summary>Oldest first, each once, never empty. Mandatory in the file.</summary>
    public required ImmutableArray<TlsVersion> ProtocolVersion { get; init; }

    /// <summary>Absolute path of a PEM file with the certificate and then its chain. Mandatory in the file.</summary>
    public required string Certificate { get; init; }

    /// <summary>Absolute path of a PEM file with the certificate's RSA or EC key. Mandatory in the file.</summary>
    public required string PrivateKey { get; init; }

    /// <summary>What is asked of the next host when a mail of this domain leaves. Default: <see cref="TlsSecurityLevel.Encrypt"/>.</summary>
    public TlsSecurityLevel SenderSecurityLevel { get; init; } = new TlsSecurityLevel.Encrypt();

    /// <summary>Where <see cref="Certificate"/> stands, for what shows only when it is used.</summary>
    public required SourcePlace Place { get; init; }
}
