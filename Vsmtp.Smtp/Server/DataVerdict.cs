namespace Vsmtp.Smtp.Server;

/// <summary>What a policy says to DATA.</summary>
public abstract record DataVerdict
{
    private DataVerdict()
    {
    }

    /// <summary>The client is asked for the message, which goes to the sink.</summary>
    public sealed record Take(IMessageSink Sink) : DataVerdict;

    /// <summary>The message is not wanted; the transaction stays open (RFC 5321 §3.3).</summary>
    public sealed record Refuse(SessionVerdict Verdict) : DataVerdict;
}
