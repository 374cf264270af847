using Vsmtp.Delivery.Work;

namespace Vsmtp.Delivery.Local;

/// <summary>A mail has come to a mailbox in which it was before: whoever reads that mailbox sends it back here (RFC 5321 §6.3).</summary>
internal sealed class MailLoopException(string address) : Exception
{
    public Refusal Refusal { get; } = Refusal.ForGood("5.4.6", $"5.4.6 it was delivered to {address} before and has come back");
}
