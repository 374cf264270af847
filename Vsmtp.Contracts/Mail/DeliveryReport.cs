using System.Collections.Immutable;

namespace Vsmtp.Contracts.Mail;

/// <summary>What came of one recipient in one attempt.</summary>
[GenerateSerializer, Alias("vsmtp.delivery-result")]
public enum DeliveryResult
{
    Delivered,

    /// <summary>A later try may succeed.</summary>
    Deferred,

    /// <summary>No later try will.</summary>
    Failed,
}

/// <summary>One recipient of a <see cref="DeliveryReport"/>.</summary>
/// <param name="Address">As in the envelope.</param>
/// <param name="Result">What came of it.</param>
/// <param name="Detail">Where it went and the far end's reply, or our reason.</param>
[GenerateSerializer, Immutable, Alias("vsmtp.recipient-report")]
public sealed record RecipientReport(
    [property: Id(0)] string Address, [property: Id(1)] DeliveryResult Result, [property: Id(2)] string Detail)
{
    /// <summary>What a notification is to say of it; null for what was delivered.</summary>
    [Id(3)] public DeliveryFailure? Failure { get; init; }

    /// <summary>Who has it was told what its sender wants to be notified of, and does so itself (RFC 3461 §5.2.2).</summary>
    [Id(4)] public bool IsNotifiedByOthers { get; init; }
}

/// <summary>What the delivery worker tells the grain.</summary>
/// <param name="Attempt">Which attempt; a report on an earlier one changes nothing.</param>
/// <param name="Recipients">Those that were tried.</param>
[GenerateSerializer, Immutable, Alias("vsmtp.delivery-report")]
public sealed record DeliveryReport([property: Id(0)] int Attempt, [property: Id(1)] ImmutableArray<RecipientReport> Recipients);
