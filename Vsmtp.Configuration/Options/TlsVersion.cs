namespace Vsmtp.Configuration.Options;

/// <summary>A version of TLS that the server speaks; older ones are not to be used (RFC 8996).</summary>
public enum TlsVersion
{
    /// <summary><c>TLSv1.2</c>, <c>0x0303</c> on the wire (RFC 5246).</summary>
    Tls12 = 0x0303,

    /// <summary><c>TLSv1.3</c>, <c>0x0304</c> on the wire (RFC 8446 §4.2.1).</summary>
    Tls13 = 0x0304,
}
