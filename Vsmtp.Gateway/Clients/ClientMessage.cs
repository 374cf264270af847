using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Mail;
using Vsmtp.Gateway.Messages;
using Vsmtp.Mail.Delegation;
using Vsmtp.Mail.Trace;
using Vsmtp.Rules;
using Vsmtp.Smtp.Replies;
using Vsmtp.Smtp.Server;

namespace Vsmtp.Gateway.Clients;

internal sealed partial class ClientPolicy
{
    /// <summary>Traces of one mail at most, ours included: RFC 5321 §6.3 takes more for a loop, and asks for 100 at least.</summary>
    private const int MaxHops = 100;

    private static readonly SmtpReply TooManyHops = new(554, "5.4.6", "Too many hops: the mail goes in a circle");

    /// <summary>One message of the client: to the store while it comes in, then to the rules of preq, then to its grain.</summary>
    [SuppressMessage("Design", "CA1001", Justification = "Every sink ends with Complete or Abort, and both dispose the intake.")]
    private sealed class ClientMessage : IMessageSink
    {
        private readonly ClientPolicy _policy;
        private readonly SmtpTransaction _transaction;
        private readonly MessageIntake _intake;

        public ClientMessage(ClientPolicy policy, SmtpTransaction transaction)
        {
            _policy = policy;
            _transaction = transaction;
            _intake = new MessageIntake(policy.Services.Contents, headers =>
            {
                headers.RemoveAll(DelegationHeader.Name);      // design rule 5: never trusted from ordinary clients
                headers.PrependTrace(policy.TraceOf(transaction));
            });
        }

        public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            if (!_policy.Services.Store.HasRoomFor(0)) _intake.Drop();
            return _intake.WriteAsync(bytes, cancellationToken);
        }

        public async ValueTask<SessionVerdict> CompleteAsync(CancellationToken cancellationToken)
        {
            await using var intake = _intake.ConfigureAwait(false);
            await _intake.EndAsync(cancellationToken).ConfigureAwait(false);
            var verdict = (_intake.IsDropped ? SessionVerdict.Inform(PressureReplies.StoreFull) : _policy.RefusalFor(0))
                ?? await _policy.TakeAsync(_transaction, _intake, cancellationToken).ConfigureAwait(false);
            _policy.ForgetMail();
            return verdict;
        }

        public async ValueTask AbortAsync(MessageAbort reason)
        {
            await _intake.DisposeAsync().ConfigureAwait(false);
            _policy.ForgetMail();
        }
    }

    private ClientServices Services => services;

    /// <summary>RFC 5321 §4.4: the trace is ours, so that services see the client too.</summary>
    private byte[] TraceOf(SmtpTransaction transaction) =>
        new ReceivedField(transaction.Helo.Name, transaction.Session.Client.Address, services.ServerName, ProtocolOf(transaction),
            _context.MessageId!, services.Time.GetUtcNow())
        {
            Tls = transaction.Session.Tls is { } tls ? new TlsTrace(tls.Version, tls.Cipher) : null,
        }.ToBytes();

    /// <summary>RFC 3848, RFC 6531 §4.3; HELO under TLS has no name of its own.</summary>
    private string ProtocolOf(SmtpTransaction transaction)
    {
        if (!transaction.Helo.IsExtended) return "SMTP";
        var name = transaction.Parameters.IsSmtpUtf8 ? "UTF8SMTP" : "ESMTP";
        return $"{name}{(transaction.Session.IsSecured ? "S" : "")}{(_context.IsAuthenticated ? "A" : "")}";
    }

    private async ValueTask<SessionVerdict> TakeAsync(SmtpTransaction transaction, MessageIntake intake, CancellationToken cancellationToken)
    {
        var session = transaction.Session;
        if (intake.Headers!.Count(ReceivedField.Name) > MaxHops)
        {
            LogMailRefused(session.Id, TooManyHops.ToString());
            return SessionVerdict.Inform(TooManyHops);
        }

        _context.TakeMessage(intake.Headers, intake.Length, intake.OpenBodyAsync);
        try
        {
            var outcome = await JudgeAsync(session, cancellationToken).ConfigureAwait(false);
            var verdict = RuleVerdicts.Of(Stage.Preq, outcome, services.Denied);
            if (verdict.IsAccepted && _context.Recipients.Count == 0) verdict = SessionVerdict.Inform(SmtpReplies.NoRecipients);
            if (!verdict.IsAccepted)
            {
                LogMailRefused(session.Id, verdict.Reply?.ToString() ?? "");
                await intake.RefuseAsync(cancellationToken).ConfigureAwait(false);
                return verdict;
            }

            var staged = await intake.StageAsync(cancellationToken).ConfigureAwait(false);
            var mail = Offer(transaction, intake, staged, Sticky ?? StickyVerdict.Of(outcome));
            return outcome.Delegate is { } request
                ? await WaitAsync(transaction, mail, request, cancellationToken).ConfigureAwait(false)
                : await AcceptAsync(transaction, mail).ConfigureAwait(false);
        }
        catch (StoreFullException full)
        {
            LogAcceptFailed(full, session.Id, _context.MessageId!);
            return SessionVerdict.Inform(PressureReplies.StoreFull);
        }
    }

    /// <summary>Asks the rules of preq. They may ask others and take long: a client that goes away meanwhile comes again, and is not to have it twice.</summary>
    private async ValueTask<StageOutcome> JudgeAsync(SmtpSessionInfo session, CancellationToken cancellationToken)
    {
        using var watch = _rules[Stage.Preq].IsEmpty ? null : session.Watch?.Invoke();
        return await EvaluateAsync(Stage.Preq, session, _context, _mailEvents, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<SessionVerdict> AcceptAsync(SmtpTransaction transaction, AcceptMail offer)
    {
        switch (await services.Acceptance.OfferAsync(_context.MessageId!, offer).ConfigureAwait(false))
        {
            case AcceptAnswer.Accepted:
                return Accepted(transaction, offer);
            case AcceptAnswer.Crowded:
                await services.Contents.DiscardAsync(offer.Content, CancellationToken.None).ConfigureAwait(false);
                return SessionVerdict.Inform(PressureReplies.TooBusy);
            case AcceptAnswer.Withdrawn:
                await services.Contents.DiscardAsync(offer.Content, CancellationToken.None).ConfigureAwait(false);
                // The client may come again, and it is delivered once.
                return SessionVerdict.Inform(PressureReplies.StoreAway);
            default:
                return SessionVerdict.HangUp;
        }
    }

    private SessionVerdict Accepted(SmtpTransaction transaction, AcceptMail mail)
    {
        var id = _context.MessageId!;
        LogMailAccepted(transaction.Session.Id, id, mail.Content.Id.Length, mail.Envelope.Recipients.Length);
        return SessionVerdict.ContinueWith(new SmtpReply(
            services.Accepted.Code, services.Accepted.Enhanced, $"{services.Accepted.Text}: queued as {id}"));
    }

    private AcceptMail Offer(SmtpTransaction transaction, MessageIntake intake, StagedContent staged, StickyVerdict? sticky) => new()
    {
        Envelope = EnvelopeOf(transaction),
        Content = staged,
        RuleSet = _rules.Hash,
        Subject = intake.Subject,
        HeaderChanges = [.. _context.Headers!.Edits.Select(HeaderChange.Of)],
        SkipsRules = sticky is { Quarantine: null },
        Quarantine = sticky?.Quarantine,
        Source = sticky?.Source,
        Events = [.. _connectEvents, .. _heloEvents, .. _authenticateEvents, .. _mailEvents, Received(transaction)],
    };

    private MailEvent Received(SmtpTransaction transaction) => new(
        services.Time.GetUtcNow(), services.Node, "received",
        $"from {transaction.Session.Client} ({transaction.Helo.Name}) for {string.Join(", ", _context.Recipients.Select(r => $"<{r.Address}>"))}"
        + (Envelopes.OriginOf(transaction.ToldOrigin) is { } told ? $", who has it from {told}" : ""));

    private MailEnvelope EnvelopeOf(SmtpTransaction transaction) => new()
    {
        Sender = _context.Sender!.Address?.ToString() ?? "",
        Recipients = [.. _context.Recipients.Select(Envelopes.RecipientOf)],
        Helo = transaction.Helo.Name,
        ClientAddress = transaction.Session.Client.ToString(),
        ServerAddress = transaction.Session.Server.ToString(),
        ServerName = ServerNameOf(transaction.Session),
        IsSecured = transaction.Session.IsSecured,
        TlsVersion = transaction.Session.Tls?.Version,
        TlsCipher = transaction.Session.Tls?.Cipher,
        IsAuthenticated = _context.IsAuthenticated,
        AuthenticatedAs = _context.Credentials?.Name,
        AuthMechanism = _context.Credentials?.Mechanism,
        ConnectedAt = transaction.Session.ConnectedAt,
        MailAt = transaction.BeganAt,
        Is8Bit = transaction.Parameters.Body is Smtp.Commands.BodyKind.EightBitMime,
        IsUtf8 = transaction.Parameters.IsSmtpUtf8,
        Return = transaction.Parameters.Return is { } wanted ? (wanted is Smtp.Commands.DsnReturn.Full ? "FULL" : "HDRS") : null,
        EnvelopeId = transaction.Parameters.EnvelopeId,
        Protocol = ProtocolOf(transaction),
        ToldOrigin = Envelopes.OriginOf(transaction.ToldOrigin),
    };
}
