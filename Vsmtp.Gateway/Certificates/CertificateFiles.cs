using System.Collections.Immutable;
using System.Net.Security;
using System.Runtime.Versioning;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Vsmtp.Configuration;
using Vsmtp.Configuration.Options;
using Vsmtp.Smtp.Server;

namespace Vsmtp.Gateway.Certificates;

/// <summary>A certificate with its chain, its key, and what may be agreed on with it.</summary>
/// <param name="Key">Of the table in the configuration, for messages: <c>server.tls</c>.</param>
/// <param name="Place">Where it is named.</param>
/// <param name="ServerName">The domain that it stands for; null: it is the one for all others.</param>
internal sealed record CertificateFiles(
    string Key, string? ServerName, string Certificate, string PrivateKey, ImmutableArray<TlsVersion> Versions, ImmutableArray<TlsCipherSuite> Suites,
    SourcePlace Place)
{
    /// <summary>Reads the files and tries a handshake in each version: whatever the platform refuses is known before a client comes.</summary>
    /// <exception cref="CertificateException">A file cannot be read or used, or no client could be served.</exception>
    public async Task<SmtpTlsTerms> ReadAsync(CancellationToken cancellationToken)
    {
        var terms = new SmtpTlsTerms(Read(), ServerName);
        foreach (var version in Versions)
        {
            if (await TlsRehearsal.TryAsync(terms, ProtocolOf(version), cancellationToken).ConfigureAwait(false) is { } fault)
                throw new CertificateException($"{Key}: no client can be served with {NameOf(version)} and {Certificate}: {fault}");
        }

        return terms;
    }

    private SslServerAuthenticationOptions Read()
    {
        try
        {
            // Both live as long as the terms, which sessions may hold after a reload.
            var pair = X509Certificate2.CreateFromPemFile(Certificate, PrivateKey);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(Certificate);
            return new SslServerAuthenticationOptions
            {
                // Nothing is fetched: neither missing certificates of the chain nor answers of OCSP.
                ServerCertificateContext = SslStreamCertificateContext.Create(pair, chain, offline: true),
                EnabledSslProtocols = Versions.Aggregate(SslProtocols.None, (all, version) => all | ProtocolOf(version)),
                CipherSuitesPolicy = OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? null : PolicyOf(Suites),
                AllowRenegotiation = false,
                ClientCertificateRequired = false,
                CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            };
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException)
        {
            throw new CertificateException(
                $"{Key}: {PrivateKey} is not the key of {Certificate}, or one of them is no PEM file: {fault.Message}", fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CertificateException($"{Key}: {fault.Message}", fault);
        }
    }

    [UnsupportedOSPlatform("windows")]
    [UnsupportedOSPlatform("macos")]
    private static CipherSuitesPolicy PolicyOf(ImmutableArray<TlsCipherSuite> suites) => new(suites);

    /// <summary>They have the same names.</summary>
    private static SslProtocols ProtocolOf(TlsVersion version) => Enum.Parse<SslProtocols>(version.ToString());

    private static string NameOf(TlsVersion version) => version is TlsVersion.Tls13 ? "TLSv1.3" : "TLSv1.2";
}
