using System.Text;
using Vsmtp.Contracts.Mail;
using Vsmtp.Delivery.Local;
using Vsmtp.Delivery.Work;

namespace Vsmtp.Delivery.Carrying;

/// <summary>What the carrier says of a mail: where it is; or <c>later</c> or <c>never</c>, an enhanced code and words, NUL between them.</summary>
internal static class CarrierAnswer
{
    private const int MaxWords = 2000;

    public static (CarrierWord Word, byte[] Octets) Of(LocalOutcome outcome) => outcome switch
    {
        LocalOutcome.Stored stored => (CarrierWord.Stored, Encoding.UTF8.GetBytes(stored.Place)),
        LocalOutcome.Refused { Why: var why } => (CarrierWord.Refused, Encoding.UTF8.GetBytes(string.Join(
            '\0', why.Result is DeliveryResult.Failed ? "never" : "later", why.Status, why.Why.Length > MaxWords ? why.Why[..MaxWords] : why.Why))),
        _ => throw new InvalidOperationException($"Unknown outcome {outcome}."),
    };

    /// <exception cref="BrokenChannelException">It is no outcome.</exception>
    public static LocalOutcome Parse(CarrierWord word, ReadOnlySpan<byte> octets)
    {
        var text = Encoding.UTF8.GetString(octets);
        return (word, text.Split('\0', 3)) switch
        {
            (CarrierWord.Stored, _) => new LocalOutcome.Stored(text),
            (CarrierWord.Refused, ["later", var status, var why]) => new LocalOutcome.Refused(Refusal.ForNow(status, why)),
            (CarrierWord.Refused, ["never", var status, var why]) => new LocalOutcome.Refused(Refusal.ForGood(status, why)),
            _ => throw new BrokenChannelException("an answer makes no sense"),
        };
    }
}
