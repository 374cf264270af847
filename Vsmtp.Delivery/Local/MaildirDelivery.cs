using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Mail;
using Vsmtp.Delivery.Messages;
using Vsmtp.Delivery.Work;

namespace Vsmtp.Delivery.Local;

/// <summary>Puts a mail into a Maildir: one file, durable before it counts as delivered.</summary>
/// <remarks>
/// The file is the message as it came, CRLF line ends included (design rule 10), under <c>Return-Path</c> and
/// <c>Delivered-To</c>. A repeat after a crash writes the same file name, so that no mail is there twice.
/// </remarks>
internal sealed class MaildirDelivery(MessageSource messages, MailboxTable mailboxes, DeliveryOptions options)
{
    /// <exception cref="OperationCanceledException">Cancelled; nothing is left behind.</exception>
    public async Task<RecipientReport> DeliverAsync(DeliveryJob job, MailRecipient recipient, CancellationToken cancellationToken)
    {
        try
        {
            if (mailboxes.Find(recipient.Address, out var refusal) is not { } mailbox)
            {
                return Reports.NotDelivered(recipient.Address, refusal!);
            }

            var name = MaildirName.OfFile(job.MailId, recipient.Address, options.ServerName);
            await WriteAsync(job, recipient, mailbox, name, cancellationToken).ConfigureAwait(false);
            var place = string.Join('/', [mailbox.Root.TrimEnd('/'), .. mailbox.Folders, "new", name]);
            return Reports.Delivered(recipient.Address, $"in {place}");
        }
        catch (MailLoopException loop)
        {
            return Reports.NotDelivered(recipient.Address, loop.Refusal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ContentMissingException)
        {
            return Reports.NotDelivered(recipient.Address, Refusal.ForNow("4.2.0", $"Maildir: {e.Message}"));
        }
    }

    private async Task WriteAsync(
        DeliveryJob job, MailRecipient recipient, Mailbox mailbox, string name, CancellationToken cancellationToken)
    {
        var message = await messages.OpenAsync(job.Content, job.HeaderChanges, block => LocalTrace.Add(block, job, recipient), cancellationToken)
            .ConfigureAwait(false);
        await using var _ = message.ConfigureAwait(false);
        using var folder = MaildirFolder.Open(mailbox);
        try
        {
            using (var file = new FileStream(folder.Create(name), FileAccess.Write, bufferSize: 0))
            {
                await message.Content.CopyToAsync(file, cancellationToken).ConfigureAwait(false);
                file.Flush(flushToDisk: true);
            }

            folder.Publish(name);
        }
        catch
        {
            folder.Discard(name);
            throw;
        }
    }
}
