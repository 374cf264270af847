using System.Buffers;
using System.Globalization;
using System.Text;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Mail;
using Vsmtp.Delivery.Messages;
using Vsmtp.Delivery.Work;

namespace Vsmtp.Delivery.Local;

/// <summary>Appends a mail to an mbox: locked, and synced before it counts as delivered.</summary>
/// <remarks>
/// A file of many mails cannot be changed in one step: a crash amid an append leaves half a mail, which the next one closes, and the mail is
/// appended anew. Maildir has no such seam.
/// </remarks>
internal sealed class MboxDelivery(MessageSource messages, MailboxTable mailboxes, DeliveryOptions options, TimeProvider time)
{
    private const int ChunkBytes = 32 * 1024;

    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(100);

    /// <exception cref="OperationCanceledException">Cancelled; nothing is left behind.</exception>
    public async Task<RecipientReport> DeliverAsync(DeliveryJob job, MailRecipient recipient, CancellationToken cancellationToken)
    {
        try
        {
            if (mailboxes.FindMbox(recipient.Address, out var file, out var refusal) is not { } mailbox) return Reports.NotDelivered(recipient.Address, refusal!);
            using var mbox = await OpenAsync(mailbox, file, cancellationToken).ConfigureAwait(false);
            if (mbox is null) return Reports.NotDelivered(recipient.Address, Refusal.ForNow("4.2.0", $"mbox: {file} is locked by another program"));
            await AppendAsync(mbox, job, recipient, cancellationToken).ConfigureAwait(false);
            return Reports.Delivered(recipient.Address, $"in {string.Join('/', [mailbox.Root.TrimEnd('/'), .. mailbox.Folders, file])}");
        }
        catch (MailLoopException loop)
        {
            return Reports.NotDelivered(recipient.Address, loop.Refusal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ContentMissingException)
        {
            return Reports.NotDelivered(recipient.Address, Refusal.ForNow("4.2.0", $"mbox: {e.Message}"));
        }
    }

    private async Task<MboxFile?> OpenAsync(Mailbox mailbox, string file, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            if (MboxFile.TryOpen(mailbox, file) is { } mbox) return mbox;
            if (time.GetElapsedTime(began) > options.MboxPatience) return null;
            await Task.Delay(LockPause, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task AppendAsync(MboxFile mbox, DeliveryJob job, MailRecipient recipient, CancellationToken cancellationToken)
    {
        var chunk = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            var message = await messages.OpenAsync(job.Content, job.HeaderChanges, block => LocalTrace.Add(block, job, recipient), cancellationToken)
                .ConfigureAwait(false);
            await using var _ = message.ConfigureAwait(false);
            using var buffered = new BufferedStream(mbox.End, ChunkBytes);
            var writer = new MboxWriter(buffered);
            buffered.Write(Encoding.UTF8.GetBytes(FromLine(job.Envelope.Sender)));
            int count;
            while ((count = await message.Content.ReadAsync(chunk, cancellationToken).ConfigureAwait(false)) > 0) writer.Write(chunk.AsSpan(0, count));
            writer.Complete();
            await buffered.FlushAsync(cancellationToken).ConfigureAwait(false);
            mbox.Sync();
        }
        catch
        {
            mbox.Undo();
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    /// <summary>As ctime(3) has the time: the day of the month is two places wide.</summary>
    private string FromLine(string sender)
    {
        var now = time.GetUtcNow();
        var day = now.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2);
        return $"From {(sender.Length == 0 ? "MAILER-DAEMON" : sender.Replace(' ', '_'))} "
            + now.ToString($"ddd MMM '{day}' HH':'mm':'ss yyyy", CultureInfo.InvariantCulture) + "\n";
    }
}
