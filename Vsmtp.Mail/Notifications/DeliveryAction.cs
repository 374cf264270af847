namespace Vsmtp.Mail.Notifications;

/// <summary>What was done for a recipient, in the words of RFC 3464 §2.3.3.</summary>
public enum DeliveryAction
{
    /// <summary>It could not be delivered, and nobody goes on trying.</summary>
    Failed,

    /// <summary>It has not been delivered yet, and is tried again.</summary>
    Delayed,

    /// <summary>It is in the recipient's mailbox.</summary>
    Delivered,

    /// <summary>Another server has taken it that sends no such notifications.</summary>
    Relayed,
}
