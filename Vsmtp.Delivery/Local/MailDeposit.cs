using Vsmtp.Delivery.Work;

namespace Vsmtp.Delivery.Local;

/// <summary>One mail on its way into a mailbox. All of it happens on the calling thread; disposing takes back what is not completed.</summary>
internal abstract class MailDeposit(string place) : IDisposable
{
    /// <summary>The path at which its reader finds it.</summary>
    public string Place { get; } = place;

    /// <summary>Why a mailbox could not be written to, which may be better later.</summary>
    public static Refusal Failed(MailboxFormat format, Exception fault) =>
        Refusal.ForNow("4.2.0", $"{(format is MailboxFormat.Mbox ? "mbox" : "Maildir")}: {fault.Message}");

    public static Refusal Locked(string mbox) => Refusal.ForNow("4.2.0", $"mbox: {mbox} is locked by another program");

    /// <summary>Takes the next octets of the message, which has line ends of CRLF.</summary>
    public abstract void Write(ReadOnlySpan<byte> octets);

    /// <summary>Ends the mail: when this returns it is on the disk, and there for its reader.</summary>
    public abstract void Complete();

    public abstract void Dispose();
}
