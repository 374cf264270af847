using Vsmtp.Contracts.Mail;
using Vsmtp.Mail.Addresses;
using Vsmtp.Mail.Headers;
using Vsmtp.Mail.Trace;

namespace Vsmtp.Delivery.Local;

/// <summary>What final delivery puts on top of a message.</summary>
internal static class LocalTrace
{
    private const string DeliveredTo = "Delivered-To";

    /// <summary>RFC 5321 §4.4: one Return-Path, in place of any other.</summary>
    /// <exception cref="MailLoopException">The mail has been in this mailbox before.</exception>
    public static void Add(HeaderBlock block, DeliveryJob job, MailRecipient recipient)
    {
        if (block.GetAll(DeliveredTo).Any(before => before.Trim().Equals(recipient.Address, StringComparison.OrdinalIgnoreCase)))
            throw new MailLoopException(recipient.Address);
        block.RemoveAll(ReturnPath.Name);
        block.Prepend(DeliveredTo, recipient.Address);
        var path = ReversePath.TryParse($"<{job.Envelope.Sender}>", out var read) ? read : ReversePath.Null;
        block.PrependTrace(ReturnPath.ToBytes(path));
    }
}
