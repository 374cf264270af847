namespace Vsmtp.Delivery.Local;

/// <summary>How a mailbox keeps its mails.</summary>
internal enum MailboxFormat
{
    /// <summary>A file each, in a folder.</summary>
    Maildir,

    /// <summary>One behind the other, in a file.</summary>
    Mbox,
}
