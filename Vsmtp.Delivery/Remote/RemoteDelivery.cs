using System.Collections.Immutable;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Mail;
using Vsmtp.Delivery.Messages;
using Vsmtp.Delivery.Routing;
using Vsmtp.Delivery.Work;
using Vsmtp.Mail.Transfer;
using Vsmtp.Smtp.Client;

namespace Vsmtp.Delivery.Remote;

/// <summary>Sends one mail to one server for some of its recipients.</summary>
internal sealed class RemoteDelivery(MessageSource messages, SecuredSenders secured)
{
    /// <summary>Recipients of one transaction: what every server takes (RFC 5321 §4.5.3.1.8).</summary>
    public const int MaxRecipients = 100;

    /// <summary>The host takes no mail at all (RFC 7504 §3).</summary>
    private const int NoMailHost = 521;

    /// <exception cref="OperationCanceledException">Cancelled; how far it came is not known.</exception>
    public async Task<RemoteAttempt> DeliverAsync(
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
                RequiresTls = RequiresTls(job.Envelope, recipients, destination),
                Return = job.Envelope.Return,
                EnvelopeId = job.Envelope.EnvelopeId,
            };
            var sent = await pool.SendAsync(transaction, cancellationToken).ConfigureAwait(false);
            return new RemoteAttempt(EndOf(sent), [.. recipients.Select((recipient, i) => Judge(recipient, sent.Recipients[i], sent))])
            {
                TlsFault = sent.TlsFault,
            };
        }
        catch (SmtpConnectException e) when (e.Reply is { } reply)
        {
            var end = reply.Code == NoMailHost ? RemoteEnd.NoMailHost
                : e.Phase is SmtpClientPhase.StartTls ? RemoteEnd.NotSecured : RemoteEnd.NoSession;
            return new RemoteAttempt(end, [.. recipients.Select(
                recipient => Reports.Refused(recipient.Address, DeliveryResult.Deferred, destination.Host, reply, $"{destination}: {e.Message}"))]);
        }
        catch (SmtpConnectException e) when (e.Phase is SmtpClientPhase.StartTls)
        {
            return Defer(RemoteEnd.NotSecured, recipients, StatusOf(e), $"{destination}: {e.Message}");
        }
        catch (SmtpConnectException e)
        {
            return Defer(RemoteEnd.NoSession, recipients, StatusOf(e), $"{destination}: {e.Message}");
        }
        catch (SmtpConversationException e)
        {
            var end = e.Phase is SmtpClientPhase.EndOfData ? RemoteEnd.Uncertain : RemoteEnd.Broken;
            return Defer(end, recipients, StatusOf(e), $"{destination}: {e.Message} ({e.Phase})");
        }
        catch (ContentMissingException e)
        {
            return Defer(RemoteEnd.NotOurs, recipients, "4.3.0", e.Message);
        }
    }

    private static RemoteEnd EndOf(SmtpSendResult sent) => sent.Recipients.Any(recipient => recipient.Reply.Code == 421) ? RemoteEnd.HungUp : RemoteEnd.Answered;

    /// <summary>What broke; else what was missing: TLS, a way to sign on, or any answer (RFC 5248 §2.4; RFC 3463 §3.8, §3.5).</summary>
    private static string StatusOf(SmtpConnectException fault) => fault.InnerException is SmtpConversationException broken ? StatusOf(broken) : fault.Phase switch
    {
        SmtpClientPhase.StartTls => "4.7.10",
        SmtpClientPhase.Auth => "4.7.4",
        _ => "4.4.1",
    };

    /// <summary>Words that are no answer, no good TLS, or a connection that did not hold (RFC 3463 §3.6, §3.8, §3.5).</summary>
    private static string StatusOf(SmtpConversationException fault) => fault.Reason switch
    {
        SmtpBreak.Protocol => "4.5.0",
        SmtpBreak.Tls => "4.7.5",
        _ => "4.4.2",
    };

    /// <summary>Where a rule forwards to, it has said itself what of TLS it wants.</summary>
    private bool RequiresTls(MailEnvelope envelope, ImmutableArray<MailRecipient> recipients, SmtpDestination destination) =>
        secured.Include(envelope.Sender)
        && !ThisMachine.IsNamedBy(destination.Host)
        && recipients.Any(static recipient => recipient.Transport is TransportKind.Deliver);

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

    private static RemoteAttempt Defer(RemoteEnd end, ImmutableArray<MailRecipient> recipients, string status, string why) =>
        new(end, [.. recipients.Select(recipient => Reports.NotDelivered(recipient.Address, Refusal.ForNow(status, why)))]);
}
