using System.Collections.Immutable;
using System.Net;
using Microsoft.Extensions.Logging;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Mail;
using Vsmtp.Contracts.Stores;
using Vsmtp.Gateway.Authentication;
using Vsmtp.Gateway.Messages;
using Vsmtp.Gateway.Rates;
using Vsmtp.Mail.Addresses;
using Vsmtp.Rules;
using Vsmtp.Smtp.Replies;
using Vsmtp.Smtp.Server;

namespace Vsmtp.Gateway.Clients;

/// <summary>Decides for one client's session: asks the site's rules, hands each whole message to a mail grain.</summary>
internal sealed partial class ClientPolicy(ClientServices services) : ISmtpSessionPolicy
{
    /// <summary>Of each of the three; a client that is refused again and again must not fill the memory.</summary>
    private const int MaxEvents = 1000;

    private readonly ImmutableArray<MailEvent>.Builder _connectEvents = ImmutableArray.CreateBuilder<MailEvent>();
    private ImmutableArray<MailEvent>.Builder _heloEvents = ImmutableArray.CreateBuilder<MailEvent>();
    private readonly ImmutableArray<MailEvent>.Builder _mailEvents = ImmutableArray.CreateBuilder<MailEvent>();
    private RuleSet _rules = services.RuleSets.Current;
    private RuleContext _context = null!;
    private IPAddress? _counted;
    private StickyVerdict? _connectVerdict;
    private StickyVerdict? _heloVerdict;
    private StickyVerdict? _mailVerdict;

    private StickyVerdict? Sticky => _connectVerdict ?? _heloVerdict ?? _mailVerdict;

    /// <summary>Under TLS all begins anew (RFC 3207 §4.2): what was decided in clear was decided on what anybody may have said.</summary>
    public async ValueTask<SessionVerdict> OnConnectAsync(SmtpSessionInfo session, CancellationToken cancellationToken)
    {
        ForgetAll();
        if (IsTooOften(session)) return TooFast(session, ClientPaces.TooManyConnections);
        _context = new RuleContext
        {
            Client = session.Client,
            Server = session.Server,
            ServerName = ServerNameOf(session),
            IsSecured = session.IsSecured,
            TlsVersion = session.Tls?.Version,
            TlsCipher = session.Tls?.Cipher,
            ConnectedAt = session.ConnectedAt,
            Log = new NamedRuleLog(services.RuleLog, session.Id),
        };
        var (verdict, sticky) = await RunAsync(Stage.Connect, session, _connectEvents, cancellationToken).ConfigureAwait(false);
        _connectVerdict = sticky;
        return verdict;
    }

    public async ValueTask<SessionVerdict> OnHeloAsync(SmtpSessionInfo session, SmtpHelo helo, CancellationToken cancellationToken)
    {
        // RFC 5321 §4.1.4: refused, it changes nothing. Were the verdict on an earlier name forgotten, a name that is refused would be
        // the way out of a quarantine.
        var (rules, name, heloVerdict, mailVerdict) = (_rules, _context.Helo, _heloVerdict, _mailVerdict);
        var isAccepted = false;
        try
        {
            (_rules, _context.Helo, _heloVerdict, _mailVerdict) = (services.RuleSets.Current, helo.Name, null, null);
            var events = ImmutableArray.CreateBuilder<MailEvent>();
            var (verdict, sticky) = await RunAsync(Stage.Helo, session, events, cancellationToken).ConfigureAwait(false);
            isAccepted = verdict.IsAccepted;
            if (isAccepted) (_heloEvents, _heloVerdict) = (events, sticky);
            return verdict;
        }
        finally
        {
            if (isAccepted) ForgetMail();
            else (_rules, _context.Helo, _heloVerdict, _mailVerdict) = (rules, name, heloVerdict, mailVerdict);
        }
    }

    public async ValueTask<SessionVerdict> OnMailAsync(SmtpTransaction transaction, CancellationToken cancellationToken)
    {
        ForgetMail();
        if (!services.Paces.TryMail(transaction.Session.Client.Address)) return TooFast(transaction.Session, ClientPaces.TooManyMails);
        if (RefusalFor(transaction.Parameters.DeclaredBytes ?? 0) is { } refusal) return refusal;
        _context.Sender = transaction.Sender;
        _context.MailAt = transaction.BeganAt;
        _context.MessageId = MailId.Create(services.Time);
        var (verdict, sticky) = await RunAsync(Stage.Mail, transaction.Session, _mailEvents, cancellationToken).ConfigureAwait(false);
        if (verdict.IsAccepted) _mailVerdict = sticky;
        else ForgetMail();
        return verdict;
    }

    public async ValueTask<SessionVerdict> OnRcptAsync(
        SmtpTransaction transaction, SmtpRecipient recipient, CancellationToken cancellationToken)
    {
        if (!services.Paces.TryRecipient(transaction.Session.Client.Address)) return TooFast(transaction.Session, ClientPaces.TooManyRecipients);
        // "Refused" must hold for what the rules made of the recipient too: a rewritten one, a copy to another.
        var before = _context.Recipients.ToArray();
        var added = new RuleRecipient(recipient.Path.In(services.ServerName)) { Tag = recipient };
        _context.Recipients.Add(added);
        var (verdict, sticky) = await RunAsync(Stage.Rcpt, transaction.Session, _mailEvents, cancellationToken).ConfigureAwait(false);
        if (verdict.IsAccepted)
        {
            _mailVerdict ??= sticky;
        }
        else
        {
            _context.Recipients.Clear();
            _context.Recipients.AddRange(before);
        }

        return verdict;
    }

    public ValueTask<DataVerdict> OnDataAsync(SmtpTransaction transaction, CancellationToken cancellationToken)
    {
        var refusal = _context.Recipients.Count == 0
            ? SessionVerdict.Inform(SmtpReplies.NoRecipients)
            : RefusalFor(transaction.Parameters.DeclaredBytes ?? 0);
        return ValueTask.FromResult<DataVerdict>(refusal is not null
            ? new DataVerdict.Refuse(refusal)
            : new DataVerdict.Take(new ClientMessage(this, transaction)));
    }

    public ValueTask OnResetAsync(SmtpTransaction transaction, TransactionEnd end, CancellationToken cancellationToken)
    {
        ForgetMail();
        return ValueTask.CompletedTask;
    }

    public ValueTask OnDisconnectedAsync(SmtpSessionInfo session, SessionEnd end) => ValueTask.CompletedTask;

    /// <summary>Null: the store can take a new mail of so many bytes.</summary>
    private SessionVerdict? RefusalFor(long bytes) => services.Store.Condition switch
    {
        StoreCondition.Away => SessionVerdict.Inform(PressureReplies.StoreAway),
        StoreCondition.Serving when services.Store.HasRoomFor(bytes) => null,
        _ => SessionVerdict.Inform(PressureReplies.StoreFull),
    };

    /// <summary>Where the client has connected is counted before; one for whom a proxy speaks now (XCLIENT) is counted here.</summary>
    private bool IsTooOften(SmtpSessionInfo session)
    {
        var client = session.Client.Address;
        var isAnother = _counted is not null && !client.Equals(_counted);
        _counted = client;
        return isAnother && !services.Paces.TryConnect(client);
    }

    private SessionVerdict TooFast(SmtpSessionInfo session, SmtpReply reply)
    {
        LogTooFast(session.Id, reply.Lines[0]);
        return SessionVerdict.Inform(reply);
    }

    /// <summary>The name that the client asked for, if it is ours: rules may serve several sites apart.</summary>
    private string ServerNameOf(SmtpSessionInfo session) => session.Tls?.ServerName ?? services.ServerName;

    private void ForgetAll()
    {
        _rules = services.RuleSets.Current;
        (_connectVerdict, _heloVerdict, _mailVerdict) = (null, null, null);
        _connectEvents.Clear();
        _heloEvents.Clear();
        _authenticateEvents.Clear();
        _mailEvents.Clear();
    }

    private void ForgetMail()
    {
        _context.ForgetMail();
        _mailVerdict = null;
        _mailEvents.Clear();
    }

    /// <summary>Runs a stage's rules, unless an earlier verdict holds.</summary>
    private async ValueTask<(SessionVerdict Verdict, StickyVerdict? Sticky)> RunAsync(
        Stage stage, SmtpSessionInfo session, ImmutableArray<MailEvent>.Builder events, CancellationToken cancellationToken)
    {
        var outcome = await EvaluateAsync(stage, session, _context, events, cancellationToken).ConfigureAwait(false);
        return (RuleVerdicts.Of(stage, outcome, services.Denied), StickyVerdict.Of(outcome));
    }

    private async ValueTask<StageOutcome> EvaluateAsync(
        Stage stage, SmtpSessionInfo session, RuleContext context, ImmutableArray<MailEvent>.Builder events, CancellationToken cancellationToken)
    {
        // Who is let in is not decided by a verdict on something else: a name that is quarantined at HELO would be the way past these rules.
        if (Sticky is not null && stage is not Stage.Authenticate) return StageOutcome.Next;
        var outcome = await services.Engine.RunAsync(_rules, stage, context, cancellationToken).ConfigureAwait(false);
        foreach (var step in outcome.Trace.Take(MaxEvents - events.Count))
        {
            events.Add(new MailEvent(services.Time.GetUtcNow(), services.Node, "rule",
                step.Status?.ToString().ToLowerInvariant() ?? "script error", $"{stage.ToText()} \"{step.Name}\"", step.Source));
        }

        if (outcome.Failure is { } failure)
            LogRuleFailed(session.Id, stage.ToText(), MaskedRuleLog.Mask(failure.Message, context.Credentials?.Secret), outcome.Source);
        return outcome;
    }
}
