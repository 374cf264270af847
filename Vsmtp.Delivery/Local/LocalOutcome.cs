using Vsmtp.Contracts.Mail;
using Vsmtp.Delivery.Work;

namespace Vsmtp.Delivery.Local;

/// <summary>What came of one mail for one mailbox: it is there, or why it is not.</summary>
internal abstract record LocalOutcome
{
    private LocalOutcome()
    {
    }

    public RecipientReport ToReport(string address) => this switch
    {
        Stored stored => Reports.Delivered(address, $"in {stored.Place}"),
        Refused refused => Reports.NotDelivered(address, refused.Why),
        _ => throw new InvalidOperationException($"Unknown outcome {this}."),
    };

    /// <param name="Place">The path at which its reader finds it.</param>
    public sealed record Stored(string Place) : LocalOutcome;

    public sealed record Refused(Refusal Why) : LocalOutcome;
}
