using System.Collections.Immutable;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Mail;
using Vsmtp.Delivery.Messages;
using Vsmtp.Delivery.Work;
using Vsmtp.Smtp.Client;

namespace Vsmtp.Delivery.Remote;

/// <summary>Sends one mail to one server for some of its recipients.</summary>
internal sealed class RemoteDelivery(MessageSource messages)
{
    /// <summary>Recipients of one transaction: what every server takes (RFC 5321 §4.5.3.1.8).</summary>
    public const int MaxRecipients = 100;

    /// <returns>One report for each of <paramref name="recipients"/>, in their order.</returns>
    /// <exception cref="OperationCanceledException">Cancelled; how far it came is not known.</exception>
    public async Task<ImmutableArray<RecipientReport>> DeliverAsync(
        DeliveryJob job, ImmutableArray<MailRecipient> recipients, SmtpDestination destination, SmtpConnectionPool pool,
        CancellationToken cancellationToken)
    {
        try
        {
            var message = await messages.OpenAsync(job.Content, job.HeaderChanges, null, cancellationToken).ConfigureAwait(false);
            await using var _ = message.ConfigureAwait(false);
            var transaction = new SmtpTransaction
            {
                Sender = job.Envelope.Sender,
                Recipients = [.. recipients.Select(ToRecipient)],
                Content = message.Content,
                Bytes = message.Bytes,
                Is8Bit = job.Envelope.Is8Bit || await message.Is8BitAsync(cancellationToken).ConfigureAwait(false),
                IsUtf8 = message.NeedsSmtpUtf8(job.Envelope, recipients),
                Return = job.Envelope.Return,
                EnvelopeId = job.Envelope.EnvelopeId,
            };
            var sent = await pool.SendAsync(transaction, cancellationToken).ConfigureAwait(false);
            return [.. recipients.Select((recipient, i) => Judge(recipient, sent.Recipients[i], sent))];
        }
        catch (SmtpConnectException e) when (e.Reply is { } reply)
        {
            return [.. recipients.Select(recipient => Reports.Refused(
                recipient.Address, DeliveryResult.Deferred, destination.Host, reply, $"{destination}: {e.Message}"))];
        }
        catch (SmtpConnectException e)
        {
            return Defer(recipients, "4.4.1", $"{destination}: {e.Message}");
        }
        catch (SmtpConversationException e)
        {
            return Defer(recipients, "4.4.2", $"{destination}: {e.Message} ({e.Phase})");
        }
        catch (ContentMissingException e)
        {
            return Defer(recipients, "4.3.0", e.Message);
        }
    }

    private static SmtpTransactionRecipient ToRecipient(MailRecipient recipient) =>
        new(recipient.Address, recipient.Notify, recipient.OriginalRecipient);

    private static RecipientReport Judge(MailRecipient recipient, SmtpRecipientResult result, SmtpSendResult sent)
    {
        var reply = Wording.Of(result.Reply);
        if (result.IsTaken) return Reports.Delivered(recipient.Address, $"{sent.Server} said: {reply}") with { IsNotifiedByOthers = sent.HasDsn };
        var outcome = result.Reply.IsPermanent ? DeliveryResult.Failed : DeliveryResult.Deferred;
        // Of a refusal by our own hand the server knows nothing.
        return result.Phase == SmtpClientPhase.Capabilities
            ? Reports.NotDelivered(recipient.Address, new Refusal(outcome, Reports.StatusOf(result.Reply), $"not sent to {sent.Server}: {reply}"))
            : Reports.Refused(recipient.Address, outcome, sent.Host, result.Reply, $"{sent.Server} said: {reply}");
    }

    private static ImmutableArray<RecipientReport> Defer(ImmutableArray<MailRecipient> recipients, string status, string why) =>
        [.. recipients.Select(recipient => Reports.NotDelivered(recipient.Address, Refusal.ForNow(status, why)))];
}
