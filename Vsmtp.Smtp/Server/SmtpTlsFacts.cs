using System.Net.Security;
using System.Security.Authentication;

namespace Vsmtp.Smtp.Server;

/// <summary>What client and server agreed on.</summary>
/// <param name="Version"><c>TLSv1.2</c> or <c>TLSv1.3</c>, as OpenSSL names them and files of the configuration.</param>
/// <param name="Cipher">The suite's registered name, as <c>TLS_AES_256_GCM_SHA384</c>.</param>
/// <param name="ServerName">The name that the client asked for, if it is one of ours; null otherwise.</param>
public sealed record SmtpTlsFacts(string Version, string Cipher, string? ServerName)
{
    internal static SmtpTlsFacts Of(SslStream agreed, string? serverName) =>
        new(NameOf(agreed.SslProtocol), agreed.NegotiatedCipherSuite.ToString(), serverName);

    private static string NameOf(SslProtocols version) => version switch
    {
        SslProtocols.Tls12 => "TLSv1.2",
        SslProtocols.Tls13 => "TLSv1.3",
        _ => version.ToString(),
    };
}
