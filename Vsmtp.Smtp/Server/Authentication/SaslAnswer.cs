namespace Vsmtp.Smtp.Server.Authentication;

/// <summary>What becomes of credentials.</summary>
public abstract class SaslAnswer
{
    private SaslAnswer()
    {
    }

    /// <summary>They are good.</summary>
    public static SaslAnswer Accepted { get; } = new Accept();

    /// <summary>They are not, or nobody says that they are.</summary>
    public static SaslAnswer Refused { get; } = new Refuse();

    /// <summary>Who could judge them cannot now.</summary>
    public static SaslAnswer NotNow { get; } = new Unavailable();

    public sealed class Accept : SaslAnswer;

    public sealed class Refuse : SaslAnswer;

    public sealed class Unavailable : SaslAnswer;

    /// <summary>To <see cref="SaslCredentials.Query"/>: the password to compare with. Shown nowhere.</summary>
    public sealed class Password(string text) : SaslAnswer
    {
        internal string Text => text;
    }

    /// <summary>
    /// To <see cref="SaslCredentials.VerifierQuery"/>. For a name that nobody has it is a made-up one, so that the client cannot tell.
    /// </summary>
    public sealed class Verifier(ScramVerifier verifier) : SaslAnswer
    {
        public ScramVerifier Value => verifier;
    }
}
