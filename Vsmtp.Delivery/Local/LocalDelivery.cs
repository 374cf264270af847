using System.Buffers;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Mail;
using Vsmtp.Delivery.Carrying;
using Vsmtp.Delivery.Identities;
using Vsmtp.Delivery.Messages;
using Vsmtp.Delivery.Work;
using Vsmtp.Mail.Addresses;

namespace Vsmtp.Delivery.Local;

/// <summary>Puts a mail into a mailbox here, under <c>Return-Path</c> and <c>Delivered-To</c>; durable before it counts as delivered.</summary>
/// <param name="carrier">Writes to the mailboxes of system accounts; null: this process does.</param>
internal sealed class LocalDelivery(MessageSource messages, CarrierClient? carrier, DeliveryOptions options, TimeProvider time)
{
    private const int ChunkBytes = 32 * 1024;

    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(100);

    private readonly MailboxTable _mailboxes = new(options.MaildirRoot, options.MboxRoot, MachineAccounts.FindGroup(options.LocalGroup));

    /// <exception cref="OperationCanceledException">Cancelled; nothing is left behind.</exception>
    public async Task<RecipientReport> DeliverAsync(
        MailboxFormat format, DeliveryJob job, MailRecipient recipient, CancellationToken cancellationToken)
    {
        try
        {
            var outcome = options.MaildirRoot is null && carrier is not null
                ? await CarryAsync(carrier, format, job, recipient, cancellationToken).ConfigureAwait(false)
                : await StoreAsync(format, job, recipient, cancellationToken).ConfigureAwait(false);
            return outcome.ToReport(recipient.Address);
        }
        catch (MailLoopException loop)
        {
            return Reports.NotDelivered(recipient.Address, loop.Refusal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ContentMissingException)
        {
            return Reports.NotDelivered(recipient.Address, MailDeposit.Failed(format, e));
        }
    }

    private async Task<LocalOutcome> StoreAsync(
        MailboxFormat format, DeliveryJob job, MailRecipient recipient, CancellationToken cancellationToken)
    {
        if (_mailboxes.Find(recipient.Address, format, out var mbox, out var refusal) is not { } mailbox) return new LocalOutcome.Refused(refusal!);
        var message = await OpenAsync(job, recipient, cancellationToken).ConfigureAwait(false);
        await using var _ = message.ConfigureAwait(false);
        using MailDeposit? deposit = format is MailboxFormat.Maildir
            ? MaildirDeposit.Open(mailbox, NameOf(job, recipient))
            : await OpenMboxAsync(mailbox, mbox, job.Envelope.Sender, cancellationToken).ConfigureAwait(false);
        if (deposit is null) return new LocalOutcome.Refused(MailDeposit.Locked(mbox));
        var chunk = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            int count;
            while ((count = await message.Content.ReadAsync(chunk, cancellationToken).ConfigureAwait(false)) > 0)
                deposit.Write(chunk.AsSpan(0, count));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }

        deposit.Complete();
        return new LocalOutcome.Stored(deposit.Place);
    }

    private async Task<MboxDeposit?> OpenMboxAsync(Mailbox mailbox, string file, string sender, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            if (MboxDeposit.TryOpen(mailbox, file, sender, time.GetUtcNow()) is { } mbox) return mbox;
            if (time.GetElapsedTime(began) > options.MboxPatience) return null;
            await Task.Delay(LockPause, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<LocalOutcome> CarryAsync(
        CarrierClient carrier, MailboxFormat format, DeliveryJob job, MailRecipient recipient, CancellationToken cancellationToken)
    {
        if (!MailAddress.TryParse(recipient.Address, out var address))
            return new LocalOutcome.Refused(Refusal.ForGood("5.1.3", "5.1.3 it is no mail address"));
        var request = new CarrierRequest(format, address.LocalPart, NameOf(job, recipient), job.Envelope.Sender);
        if (!request.IsSound)
            return new LocalOutcome.Refused(Refusal.ForGood("5.1.3", "5.1.3 the address, or the sender's, is none of an account of this machine"));
        var message = await OpenAsync(job, recipient, cancellationToken).ConfigureAwait(false);
        await using var _ = message.ConfigureAwait(false);
        return await carrier.DeliverAsync(request, message.Content, cancellationToken).ConfigureAwait(false);
    }

    private Task<OutgoingMessage> OpenAsync(DeliveryJob job, MailRecipient recipient, CancellationToken cancellationToken) =>
        messages.OpenAsync(job.Content, job.HeaderChanges, block => LocalTrace.Add(block, job, recipient), cancellationToken);

    private string NameOf(DeliveryJob job, MailRecipient recipient) => MaildirName.OfFile(job.MailId, recipient.Address, options.ServerName);
}
