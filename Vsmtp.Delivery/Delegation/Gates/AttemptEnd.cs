namespace Vsmtp.Delivery.Delegation.Gates;

/// <summary>What the end of an attempt tells of the service and of the mail.</summary>
internal enum AttemptEnd
{
    /// <summary>Nothing: the service was not asked.</summary>
    Untried,

    /// <summary>The service is not well: no connection, no session, or the conversation ended before the content began.</summary>
    ServiceFailed,

    /// <summary>It answered, if only to MAIL or RCPT.</summary>
    Answered,

    /// <summary>2yz or 5yz to the dot: it works through mails.</summary>
    Decided,

    /// <summary>4yz to the dot.</summary>
    Deferred,

    /// <summary>The connection was lost within the content or before the reply to the dot: by the service, or by the mail.</summary>
    BrokeOff,

    /// <summary>The same, by time-out.</summary>
    Stalled,
}
