using System.Diagnostics.CodeAnalysis;

namespace Vsmtp.Smtp.Server.Authentication;

/// <summary>What a client shows of itself. No member of it is ever printed.</summary>
public abstract class SaslCredentials
{
    /// <summary>Longest name that is looked at, in octets of UTF-8 (RFC 4616 §2).</summary>
    public const int MaxNameBytes = 255;

    private SaslCredentials(SaslMechanism mechanism, string name) => (Mechanism, Name) = (mechanism, name);

    public SaslMechanism Mechanism { get; }

    /// <summary>Whom the client says to be, prepared (RFC 4013); for <see cref="AnonymousToken"/> what it says of itself.</summary>
    public string Name { get; }

    /// <summary>Prepares a name that somebody can have (RFC 4013): false for others, and for those that are too long.</summary>
    public static bool TryPrepareName(string text, [NotNullWhen(true)] out string? name) => SaslNames.TryPrepare(text, out name);

    public sealed override string ToString() => GetType().Name;

    /// <summary>A name and a password, by PLAIN or LOGIN.</summary>
    public sealed class Verify(SaslMechanism mechanism, string name, string password) : SaslCredentials(mechanism, name)
    {
        /// <summary>As it came, not prepared.</summary>
        public string Password { get; } = password;
    }

    /// <summary>A name whose password is asked for, by CRAM-MD5.</summary>
    public sealed class Query(SaslMechanism mechanism, string name) : SaslCredentials(mechanism, name);

    /// <summary>A name whose verifier is asked for, by SCRAM.</summary>
    public sealed class VerifierQuery(SaslMechanism mechanism, string name) : SaslCredentials(mechanism, name);

    /// <summary>No name, and a word for the records (RFC 4505 §2), which may be empty.</summary>
    public sealed class AnonymousToken(string token) : SaslCredentials(SaslMechanism.Anonymous, token);

    /// <summary>What an authorization server has given the client (RFC 6750).</summary>
    public sealed class BearerToken(SaslMechanism mechanism, string name, string token) : SaslCredentials(mechanism, name)
    {
        public string Token { get; } = token;
    }
}
