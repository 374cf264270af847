using Microsoft.Extensions.Logging;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Mail;
using Vsmtp.Delivery.Delegation.Gates;
using Vsmtp.Delivery.Messages;
using Vsmtp.Delivery.Work;
using Vsmtp.Mail.Delegation;
using Vsmtp.Mail.Headers;
using Vsmtp.Smtp.Client;

namespace Vsmtp.Delivery.Delegation;

/// <summary>Sends one mail to its service and says in the contract's words how that ended.</summary>
internal sealed partial class DelegationAttempt(MessageSource messages, ILogger logger)
{
    private readonly ILogger _logger = logger;

    /// <exception cref="OperationCanceledException">Cancelled; how far it came is not known.</exception>
    public async Task<AttemptOutcome> SendAsync(DelegationJob job, SmtpConnectionPool pool, CancellationToken cancellationToken)
    {
        if (job.Content.Length > job.Service.MaxBytes)
        {
            return new AttemptOutcome(AttemptEnd.Untried, DelegationSendResult.TooLarge,
                $"the mail has {job.Content.Length} octets; {job.Service.Name} is given at most {job.Service.MaxBytes}");
        }

        try
        {
            var message = await messages.OpenAsync(job.Content, job.HeaderChanges, block => Address(block, job), cancellationToken)
                .ConfigureAwait(false);
            await using var _ = message.ConfigureAwait(false);
            var sent = await pool.SendAsync(ToTransaction(job, message), cancellationToken).ConfigureAwait(false);
            if (sent.XForwardRefusal is { } refusal) LogOriginRefused(job.MailId, job.Attempt, job.Service.Name, Wording.Of(refusal));
            return Judge(sent);
        }
        catch (ContentMissingException e)
        {
            return new AttemptOutcome(AttemptEnd.Untried, DelegationSendResult.TemporarilyFailed, e.Message);
        }
        catch (SmtpConnectException e)
        {
            return new AttemptOutcome(AttemptEnd.ServiceFailed, DelegationSendResult.Unreachable, Wording.Clean($"{job.Service.Delegator}: {e.Message}"));
        }
        catch (SmtpConversationException e)
        {
            return new AttemptOutcome(EndOf(e), DelegationSendResult.TemporarilyFailed, Wording.Clean($"{job.Service.Delegator}: {e.Message} ({e.Phase})"));
        }
    }

    /// <summary>Puts the delegation header on top and takes out what only the service may say.</summary>
    private static void Address(HeaderBlock block, DelegationJob job)
    {
        foreach (var name in job.Service.Proof) block.RemoveAll(name);
        foreach (var name in job.Service.VerdictHeaders) block.RemoveAll(name);
        block.RemoveAll(DelegationHeader.Name);
        // clamsmtpd adds its header only before an empty line: without one even an infected mail comes back unmarked.
        block.EnsureEmptyLine();

        var header = new DelegationHeader(job.Stage, job.Directive, job.MailId, ReadTicket(job));
        var fault = block.Prepend(DelegationHeader.Name, header.ToValue());
        if (fault != HeaderFault.None) throw new InvalidOperationException($"The delegation header was refused: {fault}.");
    }

    private static SmtpTransaction ToTransaction(DelegationJob job, OutgoingMessage message) => new()
    {
        Sender = job.Envelope.Sender,
        Recipients = [.. job.Envelope.Recipients.Select(recipient => new SmtpTransactionRecipient(recipient.Address))],
        Content = message.Content,
        Bytes = message.Bytes,
        Is8Bit = job.Envelope.Is8Bit,
        IsUtf8 = message.NeedsSmtpUtf8(job.Envelope, job.Envelope.Recipients),
        EnvelopeId = ReadTicket(job).ToEnvid(),
        Origin = job.Service.GivesOrigin ? MailOrigin.Of(job.MailId, job.Envelope) : null,
    };

    private static DelegationTicket ReadTicket(DelegationJob job) =>
        DelegationTicket.TryParse(job.Ticket, out var ticket) ? ticket : throw new FormatException($"{job} has no ticket.");

    private static AttemptEnd EndOf(SmtpConversationException broken) => broken switch
    {
        { Phase: not (SmtpClientPhase.Content or SmtpClientPhase.EndOfData) } => AttemptEnd.ServiceFailed,
        { Reason: SmtpBreak.TimedOut } => AttemptEnd.Stalled,
        _ => AttemptEnd.BrokeOff,
    };

    /// <summary>By LMTP each recipient has an answer of its own: one that may change makes the whole mail come again.</summary>
    private static AttemptOutcome Judge(SmtpSendResult sent)
    {
        var decisive = sent.Recipients.FirstOrDefault(recipient => !recipient.IsTaken && !recipient.Reply.IsPermanent)
            ?? sent.Recipients.FirstOrDefault(recipient => !recipient.IsTaken) ?? sent.Recipients[0];
        var detail = Wording.Of(decisive.Reply);
        return decisive switch
        {
            { IsTaken: true } => new AttemptOutcome(AttemptEnd.Decided, DelegationSendResult.Accepted, detail),
            // By the service's own announcement it would not take the mail, so it was not asked: no verdict of it.
            { Phase: SmtpClientPhase.Capabilities } => new AttemptOutcome(AttemptEnd.Answered, DelegationSendResult.TooLarge, detail),
            { Reply.IsPermanent: true, Phase: SmtpClientPhase.EndOfData } => new AttemptOutcome(AttemptEnd.Decided, DelegationSendResult.Rejected, detail),
            { Reply.IsPermanent: true } => new AttemptOutcome(AttemptEnd.Answered, DelegationSendResult.Rejected, detail),
            { Phase: SmtpClientPhase.EndOfData } => new AttemptOutcome(AttemptEnd.Deferred, DelegationSendResult.TemporarilyFailed, detail),
            // RFC 5321 §3.8: the service shuts down; that is no word about the mail.
            { Reply.Code: 421 } => new AttemptOutcome(AttemptEnd.ServiceFailed, DelegationSendResult.TemporarilyFailed, detail),
            _ => new AttemptOutcome(AttemptEnd.Answered, DelegationSendResult.TemporarilyFailed, detail),
        };
    }

    [LoggerMessage(EventId = DeliveryEvents.OriginRefused, Level = LogLevel.Information,
        Message = "{MailId}: attempt {Attempt}: {Service} announces XFORWARD and refuses it, so it is not told the client: {Reply}")]
    private partial void LogOriginRefused(string mailId, int attempt, string service, string reply);
}
