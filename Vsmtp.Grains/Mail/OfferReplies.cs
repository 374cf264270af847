using Vsmtp.Contracts.Mail;
using Vsmtp.Rules;

namespace Vsmtp.Grains.Mail;

/// <summary>What a client that waits in preq is told: short, no names of services or rules.</summary>
internal static class OfferReplies
{
    /// <summary>Nobody could look at it: nothing is known against it, and nothing for it (RFC 3463 §3.8).</summary>
    public static MailReply NotChecked { get; } = new(451, "4.7.1", "Not checked for now: come again");

    /// <summary>The service said 5yz.</summary>
    public static MailReply Rejected { get; } = new(550, "5.7.1", "Message refused");

    /// <summary>The rules have taken them all away (RFC 5321 §3.3).</summary>
    public static MailReply NoRecipients { get; } = new(554, "5.5.1", "No valid recipients");

    public static MailReply? Of(RuleReply? reply) => reply is null ? null : new MailReply(reply.Code, reply.Enhanced, reply.Text);
}
