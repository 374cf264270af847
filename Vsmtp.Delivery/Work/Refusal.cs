using Vsmtp.Contracts.Mail;

namespace Vsmtp.Delivery.Work;

/// <summary>Why a recipient is not served.</summary>
/// <param name="Result">Not now or not at all.</param>
/// <param name="Status">An enhanced status code (RFC 3463).</param>
/// <param name="Why">In words.</param>
internal sealed record Refusal(DeliveryResult Result, string Status, string Why)
{
    /// <param name="status">Of class 4.</param>
    public static Refusal ForNow(string status, string why) => new(DeliveryResult.Deferred, status, why);

    /// <param name="status">Of class 5.</param>
    public static Refusal ForGood(string status, string why) => new(DeliveryResult.Failed, status, why);
}
