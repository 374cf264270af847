namespace Vsmtp.Configuration.Options;

/// <summary>What the server asks of a connection before it takes or sends mail.</summary>
public abstract record TlsSecurityLevel
{
    private TlsSecurityLevel()
    {
    }

    /// <summary><c>"May"</c>: TLS if the peer wants it.</summary>
    public sealed record May : TlsSecurityLevel;

    /// <summary><c>"Encrypt"</c>: MAIL without TLS is answered 530.</summary>
    public sealed record Encrypt : TlsSecurityLevel;

    /// <summary><c>{ Dane = { port = N } }</c>: the certificate must be the one of the TLSA record (RFC 7672).</summary>
    /// <param name="Port">TCP port that the record is asked for, 1 to 65535.</param>
    public sealed record Dane(int Port) : TlsSecurityLevel;
}
