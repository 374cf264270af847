using System.Collections.Immutable;
using System.Net;
using Vsmtp.Mail.Addresses;
using Vsmtp.Mail.Delegation;
using Vsmtp.Mail.Headers;
using Vsmtp.Mail.Trace;
using Vsmtp.Mail.Transfer;
using Vsmtp.Rules;
using Vsmtp.Vsl;

namespace Vsmtp.Cli.Explaining;

/// <summary>Takes one mail through the rules as gateway and grain do, sends nothing, and notes what each stage does.</summary>
/// <param name="rules">Observed, so that conditions tell what they saw (<see cref="RuleSetOptions.IsObserved"/>).</param>
/// <param name="server">The address to which the client comes.</param>
internal sealed class MailExplainer(RuleSet rules, string domain, IPEndPoint server, MailToExplain mail, IRuleLog log)
{
    private const int ClientPort = 49152;

    /// <summary>What most clients agree on with us.</summary>
    private static readonly TlsTrace UsualTls = new("TLSv1.3", "TLS_AES_256_GCM_SHA384");

    private readonly RuleEngine _engine = new(TimeProvider.System, BudgetLimits.Default);
    private readonly SourceTexts _sources = new(rules);
    private readonly ImmutableArray<ExplainedStage>.Builder _stages = ImmutableArray.CreateBuilder<ExplainedStage>();
    private readonly RuleContext _context = new()
    {
        Client = new IPEndPoint(mail.Client, ClientPort),
        Server = server,
        ServerName = domain,
        ConnectedAt = DateTimeOffset.UtcNow,
        IsSecured = mail.IsSecured,
        TlsVersion = mail.IsSecured ? UsualTls.Version : null,
        TlsCipher = mail.IsSecured ? UsualTls.Cipher : null,
        Log = log,
    };

    private int _asked;
    private int _returned;

    public async Task<Explanation> ExplainAsync(CancellationToken cancellationToken)
    {
        var (end, queue) = await GoAsync(cancellationToken);
        if (queue is not null) TakeRest();
        return new Explanation(
            _stages.ToImmutable(), end, queue, MailSnapshot.SenderOf(_context),
            [.. _context.Recipients.Select(recipient => new ExplainedRecipient(recipient.Address.ToString(), MailSnapshot.TransportOf(recipient)))]);
    }

    /// <summary>What a verdict that holds for all later stages left unasked is accepted as it comes.</summary>
    private void TakeRest()
    {
        _context.Sender ??= mail.Sender;
        if (_context.Headers is not null) return;
        foreach (var recipient in mail.Recipients.Skip(_asked)) _context.Recipients.Add(new RuleRecipient(recipient));
    }

    private async Task<MailEnd> GoAsync(CancellationToken cancellationToken)
    {
        if (await ReceiveAsync(cancellationToken) is { } refused) return refused;
        foreach (var stage in (Stage[])[Stage.Preq, Stage.Postq, Stage.Delivery])
        {
            if (await JudgeAsync(stage, cancellationToken) is { } end) return end;
        }

        return AtDelivery();
    }

    /// <summary>What the client is told up to the end of its message; null: it goes on.</summary>
    private async Task<MailEnd?> ReceiveAsync(CancellationToken cancellationToken)
    {
        if (await AskAsync(Stage.Connect, cancellationToken) is { } afterConnect) return afterConnect;
        _context.Helo = mail.Helo;
        if (await AskAsync(Stage.Helo, cancellationToken) is { } afterHelo) return afterHelo;
        if (mail.User is { } user) (_context.IsAuthenticated, _context.Credentials) = (true, new RuleCredentials("PLAIN", user));
        (_context.Sender, _context.MailAt, _context.MessageId) = (mail.Sender, DateTimeOffset.UtcNow, "m-00-00000000000000000000000000");
        if (await AskAsync(Stage.Mail, cancellationToken) is { } afterMail) return afterMail;
        foreach (var recipient in mail.Recipients)
        {
            _asked++;
            var before = _context.Recipients.ToArray();
            _context.Recipients.Add(new RuleRecipient(recipient));
            var end = await AskAsync(Stage.Rcpt, cancellationToken, $"<{recipient}>");
            if (end is { IsRefusal: true, Closes: false })
            {
                _context.Recipients.Clear();
                _context.Recipients.AddRange(before);
            }
            else if (end is not null)
            {
                return end;
            }
        }

        if (_context.Recipients.Count == 0) return MailEnd.Refused("no recipient was accepted");
        var headers = HeaderBlock.Parse(mail.Message);
        headers.RemoveAll(DelegationHeader.Name);
        headers.PrependTrace(Trace().ToBytes());
        _context.TakeMessage(headers, mail.Message.Length, BodyOf(mail.Message, headers));
        return null;
    }

    private ReceivedField Trace() => new(
        mail.Helo, mail.Client, domain, $"ESMTP{(mail.IsSecured ? "S" : "")}{(mail.User is null ? "" : "A")}", _context.MessageId!, DateTimeOffset.UtcNow)
    {
        Tls = mail.IsSecured ? UsualTls : null,
    };

    /// <summary>A stage before the message is here.</summary>
    private async Task<MailEnd?> AskAsync(Stage stage, CancellationToken cancellationToken, string? subject = null)
    {
        var before = new MailSnapshot(_context);
        var outcome = await _engine.RunAsync(rules, stage, _context, cancellationToken);
        Note(stage, subject, outcome, before);
        return MailEnd.OfClientStage(stage, outcome);
    }

    /// <summary>A stage of a message, through its delegations.</summary>
    private async Task<MailEnd?> JudgeAsync(Stage stage, CancellationToken cancellationToken)
    {
        var before = new MailSnapshot(_context);
        var outcome = await _engine.RunAsync(rules, stage, _context, cancellationToken);
        Note(stage, null, outcome, before);
        while (outcome.Delegate is { } request)
        {
            if (_returned + request.Services.Length > mail.Returned.Length) return MailEnd.Delegated(request);
            var earlier = ImmutableArray<DelegateVisit>.Empty;
            var hasConsent = false;
            foreach (var service in request.Services)
            {
                var visit = Return(service);
                before = new MailSnapshot(_context);
                var resume = new DelegateResume(request.Directive, visit)
                {
                    Earlier = earlier,
                    HasConsent = hasConsent,
                    AwaitsOthers = earlier.Length + 1 < request.Services.Length,
                };
                outcome = await _engine.ResumeAsync(rules, stage, resume, _context, cancellationToken);
                Note(stage, $"back from {service.Name}: {visit.Result.Outcome}", outcome, before);
                if (!outcome.IsAwaiting) break;
                hasConsent |= outcome.Status is not RuleStatusKind.Next;
                earlier = earlier.Add(visit);
            }
        }

        if (stage is Stage.Preq && MailEnd.OfClientStage(stage, outcome) is { } refusal) return refusal;
        return stage is Stage.Preq ? null : MailEnd.OfLaterStage(outcome);
    }

    /// <summary>The next of the answers that were given, as a service that brought it back.</summary>
    private DelegateVisit Return(SmtpServiceSettings service)
    {
        var message = mail.Returned[_returned++];
        var returned = HeaderBlock.Parse(message);
        returned.RemoveAll(DelegationHeader.Name);
        var visit = new DelegateVisit
        {
            Service = service.Name,
            Result = DelegateResult.OfReturn(service, returned),
            Attempts = 1,
            Headers = DelegateVisit.HeadersOf(service, returned),
        };
        if (service.KeepsOriginal)
        {
            foreach (var name in service.OwnHeaders) _context.Headers!.RemoveAll(name);
            foreach (var header in visit.Headers) _context.Headers!.Append(header.Name, header.Value);
        }
        else
        {
            (_context.Headers, _context.MessageBytes, _context.OpenBody) = (returned, message.Length, BodyOf(message, returned));
        }

        return visit;
    }

    /// <summary>What rules get that read the whole message or keep a copy of it.</summary>
    private static Func<CancellationToken, Task<Stream>> BodyOf(byte[] message, HeaderBlock headers)
    {
        var from = headers.ParsedBytes;
        return _ => Task.FromResult<Stream>(new MemoryStream(message, from, message.Length - from, writable: false));
    }

    private MailEnd AtDelivery() => _context.Recipients.TrueForAll(recipient => recipient.Transport is RuleTransport.None)
        ? new MailEnd("no recipient is left to be served: kept in dead for five days", "dead")
        : new MailEnd("it is delivered", "deliver");

    private void Note(Stage stage, string? subject, StageOutcome outcome, MailSnapshot before) => _stages.Add(new ExplainedStage(
        stage.ToText(),
        subject,
        outcome.Failure is null ? outcome.Status.ToString().ToLowerInvariant() : "script error",
        outcome.Reply?.ToString(),
        outcome.SaidAt ?? outcome.Source,
        _sources.LineAt(outcome.SaidAt ?? outcome.Source),
        outcome.Failure?.ToString() ?? outcome.Reason,
        [.. outcome.Trace.Select(Describe)],
        before.ChangesTo(_context)));

    private ExplainedDirective Describe(DirectiveTrace step) => new(
        step.Kind.ToString().ToLowerInvariant(), step.Name, step.Source, step.Status?.ToString().ToLowerInvariant(), step.Handler,
        [.. step.Seen.Select(seen => new SeenValue(seen.Span.ToString(), _sources.TextOf(seen.Span), ForwardUrl.WithoutSecretsIn(seen.Value), seen.IsCondition))]);
}
