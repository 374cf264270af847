namespace Vsmtp.Configuration.Options;

/// <summary>A SASL mechanism that the server knows.</summary>
public enum AuthMechanism
{
    /// <summary><c>PLAIN</c> (RFC 4616).</summary>
    Plain,

    /// <summary><c>LOGIN</c> (draft-murchison-sasl-login).</summary>
    Login,

    /// <summary><c>CRAM-MD5</c> (RFC 2195).</summary>
    CramMd5,

    /// <summary><c>ANONYMOUS</c> (RFC 4505).</summary>
    Anonymous,

    /// <summary><c>SCRAM-SHA-256</c> (RFC 7677).</summary>
    ScramSha256,

    /// <summary><c>XOAUTH2</c>.</summary>
    XOAuth2,

    /// <summary><c>OAUTHBEARER</c> (RFC 7628).</summary>
    OAuthBearer,
}
