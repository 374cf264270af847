namespace Vsmtp.Rules;

/// <summary>What a client shows of itself; by these names rules know it.</summary>
public enum CredentialKind
{
    /// <summary>A name and a password: PLAIN, LOGIN.</summary>
    Verify,

    /// <summary>A name, and a password that the client proves to know: CRAM-MD5, SCRAM-SHA-256.</summary>
    Query,

    /// <summary>No name: ANONYMOUS.</summary>
    AnonymousToken,

    /// <summary>A name, and what an authorization server gave the client: XOAUTH2, OAUTHBEARER.</summary>
    BearerToken,
}
