using System.Globalization;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Vsmtp.Mail.Transfer;

namespace Vsmtp.Smtp.Client;

/// <summary>The terms of one handshake; holds the certificates that it may end at.</summary>
public sealed class SmtpTlsHandshake : IDisposable
{
    /// <summary>Of a certificate that is for others.</summary>
    private const int MaxNamesShown = 8;

    private readonly X509Certificate2Collection _authorities = [];

    /// <param name="host">Told to the server (SNI, RFC 6066 §3) if it is a name, and what its certificate must be for.</param>
    public SmtpTlsHandshake(SmtpTls tls, string host)
    {
        // Nothing is fetched while a chain is built: that would be a connection without a time limit, on a thread of ours.
        var chain = new X509ChainPolicy { DisableCertificateDownloads = true, RevocationMode = X509RevocationMode.NoCheck };
        if (tls.Authorities is { } pem)
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
            RemoteCertificateValidationCallback = (_, certificate, links, errors) =>
            {
                Fault = FaultOf(tls, host, certificate, links, errors);
                return Fault is null || tls.Level != TlsLevel.Verify;    // below "verify" any certificate will do, as RFC 7435 describes it
            },
        };
    }

    public SslClientAuthenticationOptions Options { get; }

    /// <summary>Why the certificate would not do with <see cref="TlsLevel.Verify"/>; null when it would, and before the handshake.</summary>
    public string? Fault { get; private set; }

    public void Dispose()
    {
        foreach (var certificate in _authorities) certificate.Dispose();
    }

    private static string? FaultOf(SmtpTls tls, string host, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (tls.Names is not null) errors &= ~SslPolicyErrors.RemoteCertificateNameMismatch;
        if (errors != SslPolicyErrors.None)
        {
            var links = chain?.ChainStatus.Select(static link => link.Status.ToString()).Distinct() ?? [];
            return $"its certificate does not prove its name: {string.Join(", ", [errors.ToString(), .. links])}";
        }

        if (tls.NeedsAlternativeName && !HasAlternativeName(certificate, host)) return "its certificate does not have its name among the alternative names";
        if (tls.Names is not { } names || NamesOf(certificate) is var found && names.IncludeOneOf(found)) return null;
        return $"its certificate is for {Shown(found)}, and is to be for {names}";
    }

    /// <summary>Its alternative names of DNS (RFC 5280 §4.2.1.6).</summary>
    private static string[] NamesOf(X509Certificate? certificate)
    {
        try
        {
            return certificate is X509Certificate2 leaf
                ? [.. leaf.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(static names => names.EnumerateDnsNames())]
                : [];
        }
        catch (CryptographicException)
        {
            return [];                                         // an extension that cannot be read
        }
    }

    /// <summary>Some of the names, fit for a log.</summary>
    private static string Shown(string[] names) => names.Length == 0
        ? "no name"
        : string.Join(", ", names.Take(MaxNamesShown).Select(name => string.Concat(name.Where(char.IsAscii).Where(static c => !char.IsControl(c)))));

    private static bool HasAlternativeName(X509Certificate? certificate, string host)
    {
        try
        {
            return certificate is X509Certificate2 leaf && leaf.MatchesHostname(new IdnMapping().GetAscii(host), allowCommonName: false);
        }
        catch (ArgumentException)
        {
            return false;                                      // a name that no certificate can have
        }
    }
}
