using Vsmtp.Mail.Transfer;

namespace Vsmtp.Smtp.Client;

/// <summary>What a client asks of the TLS of its destination (RFC 3207).</summary>
/// <param name="Level">At which level a session is good enough.</param>
/// <param name="Authorities">
/// Certificates in PEM of which one must stand behind the server's, or be it, with <see cref="TlsLevel.Verify"/>, and for
/// <see cref="SmtpSendResult.TlsFault"/>. Null: those that the system trusts.
/// </param>
public sealed record SmtpTls(TlsLevel Level, string? Authorities = null)
{
    public static SmtpTls None { get; } = new(TlsLevel.None);

    /// <summary>TLS from the first octet on, without STARTTLS (RFC 8314 §3.3). Default: false.</summary>
    public bool IsFirst { get; init; }

    /// <summary>
    /// For whom the certificate must be, by its alternative names, in place of the server's name; with <see cref="NeedsAlternativeName"/>, beside it.
    /// Default: null, for the server's name alone.
    /// </summary>
    public CertificateNames? Names { get; init; }

    /// <summary>
    /// The certificate must have the server's name among its alternative names; the common name of its subject does not count
    /// (RFC 8461 §4.2). Default: false.
    /// </summary>
    public bool NeedsAlternativeName { get; init; }

    /// <summary>Nothing is ever sent in clear.</summary>
    internal bool IsRequired => Level is TlsLevel.Encrypt or TlsLevel.Verify;
}
