using System.Globalization;
using Vsmtp.Contracts.Mail;
using Vsmtp.Smtp.Replies;

namespace Vsmtp.Delivery.Work;

/// <summary>Reports on one recipient.</summary>
internal static class Reports
{
    public static RecipientReport Delivered(string address, string detail) => new(address, DeliveryResult.Delivered, detail);

    /// <summary>Our own reason.</summary>
    public static RecipientReport NotDelivered(string address, Refusal refusal) =>
        new(address, refusal.Result, Wording.Clean(refusal.Why)) { Failure = new DeliveryFailure { Status = refusal.Status } };

    /// <summary>A server's.</summary>
    /// <param name="said">Which server said what, in words.</param>
    public static RecipientReport Refused(string address, DeliveryResult result, string server, SmtpReply reply, string said) =>
        new(address, result, Wording.Clean(said))
        {
            Failure = new DeliveryFailure { Status = StatusOf(reply), Server = server, Reply = Wording.Of(reply) },
        };

    /// <summary>
    /// Of a refusal. A server that gives no enhanced code says at least whether it is for good (RFC 3463 §3.1: other or undefined); one that
    /// refuses with 2yz or 3yz does not speak the protocol (§3.6).
    /// </summary>
    public static string StatusOf(SmtpReply reply) =>
        !reply.IsNegative ? "4.5.0" : reply.Enhanced?.ToString() ?? string.Create(CultureInfo.InvariantCulture, $"{reply.Code / 100}.0.0");
}
