using Vsmtp.Smtp.Replies;

namespace Vsmtp.Smtp.Server;

/// <summary>What a policy says to one command.</summary>
public sealed record SessionVerdict
{
    private SessionVerdict(bool isAccepted, SmtpReply? reply, bool closes)
    {
        IsAccepted = isAccepted;
        Reply = reply;
        Closes = closes;
    }

    /// <summary>The command takes effect; false: the session stays where it was, the sender or recipient is not kept.</summary>
    public bool IsAccepted { get; }

    /// <summary>Null for the reply that the session has for the command.</summary>
    public SmtpReply? Reply { get; }

    /// <summary>The connection ends behind the reply.</summary>
    public bool Closes { get; }

    /// <summary>The command takes effect and gets its ordinary reply.</summary>
    public static SessionVerdict Continue { get; } = new(true, null, false);

    /// <summary>
    /// The command takes effect and gets this reply. With a 4yz or 5yz it has no effect: the client must not be misled.
    /// </summary>
    public static SessionVerdict ContinueWith(SmtpReply reply) => new(!reply.IsNegative, reply, false);

    /// <summary>The command has no effect, whatever the reply says; the connection stays (vSL <c>info</c>).</summary>
    public static SessionVerdict Inform(SmtpReply reply) => new(false, reply, false);

    /// <summary>
    /// The connection ends without a reply: nobody knows whether the command took effect, and any reply could be untrue. The client does
    /// as after a lost connection (RFC 5321 §4.5.4.1): it comes again.
    /// </summary>
    public static SessionVerdict HangUp { get; } = new(false, null, true);

    /// <summary>The command is refused and the connection ends (vSL <c>deny</c>).</summary>
    public static SessionVerdict RefuseAndClose(SmtpReply reply) => new(false, reply, true);
}
