using System.Net.Security;

namespace Vsmtp.Smtp.Server;

/// <summary>The TLS that a listener's sessions offer with STARTTLS (RFC 3207), or begin with (RFC 8314 §3.3).</summary>
/// <param name="TermsFor">
/// What a handshake is made with, asked for once per handshake, with the name that the client gave (SNI, RFC 6066 §3) in lower-case ASCII,
/// empty when it gave none.
/// </param>
public sealed record SmtpServerTls(Func<string, SmtpTlsTerms> TermsFor)
{
    /// <summary>In clear only NOOP, EHLO, STARTTLS and QUIT are heard (RFC 3207 §4). Default: false.</summary>
    public bool IsRequired { get; init; }

    /// <summary>From the handshake's first octet, or the reply to STARTTLS, to its end. Default: 10 seconds.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>What one handshake is made with.</summary>
/// <param name="Options">Certificate, versions, suites.</param>
/// <param name="ServerName">The name that the client asked for if it is one of ours; null: it asked for none, or for none of ours.</param>
public sealed record SmtpTlsTerms(SslServerAuthenticationOptions Options, string? ServerName);
