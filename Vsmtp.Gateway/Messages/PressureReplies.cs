using Vsmtp.Smtp.Replies;

namespace Vsmtp.Gateway.Messages;

/// <summary>What peers are told when the store takes nothing: all of it says "come again".</summary>
internal static class PressureReplies
{
    /// <summary>In place of the greeting: the peer goes to another server of the site, or comes again (RFC 5321 §3.8; RFC 3463 §3.4: X.3.2).</summary>
    public static SmtpReply NotNow { get; } = new(421, "4.3.2", "Service not available for now, try again later");

    /// <summary>To a command of a session that was there before; the session stays (RFC 3463 §3.4: X.3.0).</summary>
    public static SmtpReply StoreAway { get; } = new(451, "4.3.0", "Not accepted for now: come again");

    /// <summary>More comes than can be done, for longer than a client should wait (RFC 3463 §3.4: X.3.2).</summary>
    public static SmtpReply TooBusy { get; } = new(451, "4.3.2", "Too busy for now: come again");

    /// <summary>RFC 5321 §4.2.3; RFC 3463 §3.4: X.3.1, mail system full.</summary>
    public static SmtpReply StoreFull { get; } = new(452, "4.3.1", "Insufficient system storage");
}
