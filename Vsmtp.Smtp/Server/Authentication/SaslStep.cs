namespace Vsmtp.Smtp.Server.Authentication;

/// <summary>What an exchange wants next.</summary>
internal abstract record SaslStep
{
    private SaslStep()
    {
    }

    public static SaslStep Fail { get; } = new Failure();

    public static SaslStep GiveUp { get; } = new Impossible();

    /// <summary>Octets for the client, which are to be answered.</summary>
    public sealed record Challenge(byte[] Octets) : SaslStep;

    /// <summary>The same, and the client learns from them that it has failed: whatever it answers changes nothing.</summary>
    public sealed record FailingChallenge(byte[] Octets) : SaslStep;

    /// <summary>Credentials for whoever can judge them; the answer comes back.</summary>
    public sealed record Ask(SaslCredentials Credentials) : SaslStep;

    /// <param name="Name">Who it is, prepared (RFC 4013); of an anonymous client what it says of itself.</param>
    public sealed record Succeed(string Name) : SaslStep;

    private sealed record Failure : SaslStep;

    private sealed record Impossible : SaslStep;
}
