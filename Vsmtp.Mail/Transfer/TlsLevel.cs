namespace Vsmtp.Mail.Transfer;

/// <summary>What of TLS a client asks of a server, in Postfix's words.</summary>
public enum TlsLevel
{
    /// <summary>No TLS, whatever the server offers.</summary>
    None,

    /// <summary>TLS where the server offers it, whoever it is; in clear where it does not, or where its TLS does not work.</summary>
    May,

    /// <summary>TLS or nothing; whose certificate it is does not matter.</summary>
    Encrypt,

    /// <summary>TLS or nothing, and the certificate is valid for the server's name.</summary>
    Verify,
}
