namespace Vsmtp.Contracts.Mail;

/// <summary>Names of queues, as operators write them.</summary>
public static class MailQueue
{
    /// <summary>The quarantine of mails whose rules, or service, are not to be had: an operator moves them to other rules.</summary>
    public const string RuleSetQuarantine = "rule-set";

    private const string QuarantinePrefix = "quarantine/";

    /// <summary><c>offered</c>, <c>working</c>, <c>delegated</c>, <c>deliver</c>, <c>deferred</c>, <c>quarantine/NAME</c>, <c>dead</c>; for ended mails
    /// <c>delivered</c>, <c>bounced</c>, <c>removed</c> and <c>withdrawn</c>, which no mail is waiting in.</summary>
    public static string NameOf(MailState state) =>
        state.Phase is MailPhase.Quarantine ? QuarantinePrefix + state.Quarantine : NameOf(state.Phase);

    public static string NameOf(MailPhase phase) => phase switch
    {
        MailPhase.Working => "working",
        MailPhase.Delegated => "delegated",
        MailPhase.Deliver => "deliver",
        MailPhase.Deferred => "deferred",
        MailPhase.Quarantine => "quarantine",
        MailPhase.Dead => "dead",
        MailPhase.Delivered => "delivered",
        MailPhase.Bounced => "bounced",
        MailPhase.Removed => "removed",
        MailPhase.Withdrawn => "withdrawn",
        MailPhase.Offered => "offered",
        _ => "none",
    };

    /// <summary>An ended mail has no content and is in no queue.</summary>
    public static bool IsEnded(MailPhase phase) => phase is MailPhase.Delivered or MailPhase.Bounced or MailPhase.Removed or MailPhase.Withdrawn;

    /// <summary>The same by name: no mail waits there.</summary>
    public static bool IsEnd(string name) => name is "delivered" or "bounced" or "removed" or "withdrawn";
}
