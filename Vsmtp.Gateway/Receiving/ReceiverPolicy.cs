using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Mail;
using Vsmtp.Contracts.Stores;
using Vsmtp.Gateway.Messages;
using Vsmtp.Mail.Delegation;
using Vsmtp.Smtp.Replies;
using Vsmtp.Smtp.Server;

namespace Vsmtp.Gateway.Receiving;

/// <summary>Decides for one session of a service that brings mails back (the table of design rule 5). No rules run, nothing is relayed.</summary>
internal sealed partial class ReceiverPolicy(
    ImmutableArray<SmtpServiceSettings> receivedFrom, IContentStore contents, IStoreHealth store, MailReturns returns, ILogger logger)
    : ISmtpSessionPolicy
{
    private static readonly SmtpReply NotAPeer = new(554, "5.7.1", "No SMTP service for you here");
    private static readonly SmtpReply NoTicket = new(550, "5.7.1", "No mail of ours is expected back under this ticket");

    private readonly ILogger _logger = logger;

    public async ValueTask<SessionVerdict> OnConnectAsync(SmtpSessionInfo session, CancellationToken cancellationToken)
    {
        if (await PeerList.AllowsAsync(receivedFrom, session.Client.Address, cancellationToken).ConfigureAwait(false))
            return SessionVerdict.Continue;
        LogPeerRefused(session.Id, session.Client.ToString());
        return SessionVerdict.RefuseAndClose(NotAPeer);
    }

    public ValueTask<SessionVerdict> OnHeloAsync(SmtpSessionInfo session, SmtpHelo helo, CancellationToken cancellationToken) =>
        ValueTask.FromResult(SessionVerdict.Continue);

    /// <summary>A store with little room takes returns all the same: mails that go on make room.</summary>
    public ValueTask<SessionVerdict> OnMailAsync(SmtpTransaction transaction, CancellationToken cancellationToken) =>
        ValueTask.FromResult(IsAway ? SessionVerdict.Inform(PressureReplies.StoreAway) : SessionVerdict.Continue);

    public ValueTask<SessionVerdict> OnRcptAsync(
        SmtpTransaction transaction, SmtpRecipient recipient, CancellationToken cancellationToken) =>
        ValueTask.FromResult(SessionVerdict.Continue);

    public ValueTask<DataVerdict> OnDataAsync(SmtpTransaction transaction, CancellationToken cancellationToken) =>
        ValueTask.FromResult<DataVerdict>(new DataVerdict.Take(new ReturnedMessage(this, transaction)));

    /// <summary>A service that comes with MAIL and leaves without DATA keeps the mail: its grain need not wait for the deadline.</summary>
    public async ValueTask OnResetAsync(SmtpTransaction transaction, TransactionEnd end, CancellationToken cancellationToken)
    {
        // A line that broke says nothing of what the service means to do: it may come again.
        if (end is not (TransactionEnd.Reset or TransactionEnd.Quit) || TicketOf(transaction) is not { } ticket) return;
        try
        {
            await returns.LetGoAsync(ticket.MailId, ticket.Hash, transaction.BeganAt).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            LogLetGoFailed(fault, transaction.Session.Id, ticket.MailId);
        }
    }

    public ValueTask OnDisconnectedAsync(SmtpSessionInfo session, SessionEnd end) => ValueTask.CompletedTask;

    private static DelegationTicket? TicketOf(SmtpTransaction transaction) =>
        transaction.Parameters.EnvelopeId is { } envelopeId && DelegationTicket.TryParseEnvid(envelopeId, out var ticket)
        && MailId.IsWellFormed(ticket.MailId) ? ticket : null;

    /// <summary>A message that a service brings. The ticket is in its header, or, if the service wrapped the mail, in the ENVID.</summary>
    [SuppressMessage("Design", "CA1001", Justification = "Every sink ends with Complete or Abort, and both dispose the intake.")]
    private sealed class ReturnedMessage : IMessageSink
    {
        /// <summary>More delegation headers than this are no honest service's.</summary>
        private const int MaxTickets = 8;

        private readonly ReceiverPolicy _policy;
        private readonly SmtpTransaction _transaction;
        private readonly MessageIntake _intake;
        private ImmutableArray<DelegationTicket> _tickets = [];

        public ReturnedMessage(ReceiverPolicy policy, SmtpTransaction transaction)
        {
            _policy = policy;
            _transaction = transaction;
            _intake = new MessageIntake(policy.Contents, headers =>
            {
                var found = DelegationHeader.FindAll(headers).Select(header => header.Ticket).Append(TicketOf(transaction));
                _tickets = [.. found.OfType<DelegationTicket>().Where(ticket => MailId.IsWellFormed(ticket.MailId)).DistinctBy(ticket => ticket.Text).Take(MaxTickets)];
                headers.RemoveAll(DelegationHeader.Name);
            });
        }

        public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
            _intake.WriteAsync(bytes, cancellationToken);

        public async ValueTask<SessionVerdict> CompleteAsync(CancellationToken cancellationToken)
        {
            await using var intake = _intake.ConfigureAwait(false);
            await _intake.EndAsync(cancellationToken).ConfigureAwait(false);
            if (_intake.IsDropped) return SessionVerdict.Inform(PressureReplies.StoreFull);
            if (_tickets.IsEmpty) return _policy.Refuse(_transaction);
            if (_policy.IsAway) return SessionVerdict.Inform(PressureReplies.StoreAway);
            try
            {
                var staged = await _intake.StageAsync(cancellationToken).ConfigureAwait(false);
                var (verdict, isKept) = await _policy.ReturnAsync(_transaction, _tickets, staged).ConfigureAwait(false);
                if (!isKept) await _policy.Contents.DiscardAsync(staged, cancellationToken).ConfigureAwait(false);
                return verdict;
            }
            catch (StoreFullException)
            {
                return SessionVerdict.Inform(PressureReplies.StoreFull);
            }
        }

        public ValueTask AbortAsync(MessageAbort reason) => _intake.DisposeAsync();
    }

    private IContentStore Contents => contents;

    private bool IsAway => store.Condition is StoreCondition.Away;

    private SessionVerdict Refuse(SmtpTransaction transaction)
    {
        LogReturnRefused(transaction.Session.Id, transaction.Session.Client.ToString());
        return SessionVerdict.Inform(NoTicket);
    }

    private async ValueTask<(SessionVerdict Verdict, bool IsKept)> ReturnAsync(
        SmtpTransaction transaction, ImmutableArray<DelegationTicket> tickets, StagedContent staged)
    {
        foreach (var ticket in tickets)
        {
            var answer = await returns.ReturnAsync(ticket.MailId, new DelegationReturn
            {
                TicketHash = ticket.Hash,
                Content = staged,
                Sender = transaction.Sender.Address?.ToString() ?? "",
                Recipients = [.. transaction.Recipients.Select(recipient => recipient.Path.Address?.ToString() ?? "postmaster")],
                Peer = transaction.Session.Client.ToString(),
            }).ConfigureAwait(false);
            if (answer is ReturnAnswer.Unknown) continue;
            LogReturnTaken(transaction.Session.Id, ticket.MailId, answer);
            return (SessionVerdict.Continue, answer is ReturnAnswer.Resumed);
        }

        return (Refuse(transaction), false);
    }

    [LoggerMessage(EventId = GatewayEvents.ConnectionRefused, Level = LogLevel.Warning, Message = "{Session}: {Peer} is no peer of a service and is refused at the receiver")]
    private partial void LogPeerRefused(string session, string peer);

    [LoggerMessage(EventId = GatewayEvents.ReturnRefused, Level = LogLevel.Warning, Message = "{Session}: {Peer} brought a message without a ticket of ours; it is refused")]
    private partial void LogReturnRefused(string session, string peer);

    [LoggerMessage(EventId = GatewayEvents.ReturnTaken, Level = LogLevel.Information, Message = "{Session}: {Mail} came back: {Answer}")]
    private partial void LogReturnTaken(string session, string mail, ReturnAnswer answer);

    [LoggerMessage(EventId = GatewayEvents.LetGoFailed, Level = LogLevel.Warning, Message = "{Session}: {Mail} could not be told that a service left without it")]
    private partial void LogLetGoFailed(Exception fault, string session, string mail);
}
