namespace Vsmtp.Smtp.Server.Authentication;

/// <summary>One attempt to authenticate: octets go in, steps come out; no I/O. Not thread-safe.</summary>
internal abstract class SaslExchange
{
    /// <summary>The first step where the client has said nothing yet.</summary>
    public virtual SaslStep Begin() => new SaslStep.Challenge([]);

    /// <summary>The client's next word.</summary>
    /// <param name="response">Decoded; may be empty.</param>
    public abstract SaslStep Respond(ReadOnlySpan<byte> response);

    /// <summary>What came of the last <see cref="SaslStep.Ask"/>.</summary>
    public abstract SaslStep Answer(SaslAnswer answer);

    /// <summary>The step behind a word that alone decides.</summary>
    protected static SaslStep Judge(SaslAnswer answer, string name) => answer switch
    {
        SaslAnswer.Accept => new SaslStep.Succeed(name),
        SaslAnswer.Unavailable => SaslStep.GiveUp,
        _ => SaslStep.Fail,
    };
}
