using Vsmtp.Contracts.Mail;

namespace Vsmtp.Delivery.Delegation.Gates;

/// <summary>How one attempt ended.</summary>
/// <param name="End">What that tells of the service.</param>
/// <param name="Result">What it means for the mail.</param>
/// <param name="Detail">The service's reply or the fault, whole.</param>
internal sealed record AttemptOutcome(AttemptEnd End, DelegationSendResult Result, string Detail);
