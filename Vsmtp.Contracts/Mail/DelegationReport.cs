namespace Vsmtp.Contracts.Mail;

/// <summary>How an attempt to hand a mail to a service ended.</summary>
[GenerateSerializer, Alias("vsmtp.delegation-send-result")]
public enum DelegationSendResult
{
    /// <summary>2yz to the end of data.</summary>
    Accepted,

    /// <summary>5yz: the service's verdict on the mail.</summary>
    Rejected,

    /// <summary>4yz, or the conversation broke: tried again.</summary>
    TemporarilyFailed,

    /// <summary>No connection: tried again.</summary>
    Unreachable,

    /// <summary>The mail is larger than the service is given; it was not sent.</summary>
    TooLarge,

    /// <summary>Nothing was sent: the service turned out to be down before its turn came. No attempt is counted.</summary>
    NotSent,

    /// <summary>The mail broke the service's conversations again and again while others passed: it is not tried any more.</summary>
    Poison,
}

/// <summary>What the delegation sender tells the grain.</summary>
/// <param name="Attempt">Which attempt (<see cref="DelegationState.Serial"/>); a report on an earlier one changes nothing.</param>
/// <param name="Result">How it ended.</param>
/// <param name="Detail">The service's reply or the fault, whole.</param>
[GenerateSerializer, Immutable, Alias("vsmtp.delegation-report")]
public sealed record DelegationReport(
    [property: Id(0)] int Attempt, [property: Id(1)] DelegationSendResult Result, [property: Id(2)] string Detail)
{
    /// <summary>What speaks against the mail now; null: as before.</summary>
    [Id(3)] public MailSuspicion? Suspicion { get; init; }
}
