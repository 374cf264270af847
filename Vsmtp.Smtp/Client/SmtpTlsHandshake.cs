using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Vsmtp.Mail.Transfer;

namespace Vsmtp.Smtp.Client;

/// <summary>The terms of one handshake; holds the certificates that it may end at.</summary>
internal sealed class SmtpTlsHandshake : IDisposable
{
    private readonly X509Certificate2Collection _authorities = [];

    /// <param name="host">Told to the server (SNI, RFC 6066 §3) if it is a name, and what its certificate must be for.</param>
    [SuppressMessage("Security", "CA5359", Justification = "Below 'verify' any certificate will do, as RFC 7435 describes it.")]
    public SmtpTlsHandshake(SmtpTls tls, string host)
    {
        // Nothing is fetched while a chain is built: that would be a connection without a time limit, on a thread of ours.
        var chain = new X509ChainPolicy { DisableCertificateDownloads = true, RevocationMode = X509RevocationMode.NoCheck };
        if (tls is { Level: TlsLevel.Verify, Authorities: { } pem })
        {
            _authorities.ImportFromPem(pem);
            chain.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.CustomTrustStore.AddRange(_authorities);
        }

        Options = new SslClientAuthenticationOptions
        {
            TargetHost = host,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,    // RFC 8996
            AllowTlsResume = false,    // every session is judged by its own certificate
            CertificateChainPolicy = chain,
            RemoteCertificateValidationCallback = tls.Level == TlsLevel.Verify ? null : (_, _, _, _) => true,
        };
    }

    public SslClientAuthenticationOptions Options { get; }

    public void Dispose()
    {
        foreach (var certificate in _authorities) certificate.Dispose();
    }
}
