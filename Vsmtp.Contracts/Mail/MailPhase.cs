namespace Vsmtp.Contracts.Mail;

/// <summary>
/// Where a mail stands. All but the first and those that end it are a queue of the same name (design rule 2: exactly one place);
/// in all queues but <see cref="Offered"/> it is accepted.
/// </summary>
[GenerateSerializer, Alias("vsmtp.mail-phase")]
public enum MailPhase
{
    /// <summary>Not accepted: no such mail.</summary>
    None,

    /// <summary>Accepted; the rules of postq are to be run, or run on after a return.</summary>
    Working,

    /// <summary>A service has it, or is to get it again.</summary>
    Delegated,

    /// <summary>The rules are done; a first delivery is to be tried, or is under way.</summary>
    Deliver,

    /// <summary>Some recipients could not be served yet; tried again later.</summary>
    Deferred,

    /// <summary>Kept under a name until somebody releases or deletes it.</summary>
    Quarantine,

    /// <summary>Will not be delivered: denied by a rule, or failed for good. Kept for a while with its reason.</summary>
    Dead,

    /// <summary>Every recipient has been served; only its history is left.</summary>
    Delivered,

    /// <summary>Deleted by an operator; only its history is left.</summary>
    Removed,

    /// <summary>
    /// Never accepted: the client was told 4yz or 5yz, or is gone. The mark keeps a call that is still on its way from accepting it.
    /// </summary>
    Withdrawn,

    /// <summary>Not accepted yet: a service is asked while the client waits (<see cref="MailOffer"/>). Never delivered from here.</summary>
    Offered,

    /// <summary>No recipient waits, at least one could not be served, and its sender has been notified; only its history is left.</summary>
    Bounced,
}
