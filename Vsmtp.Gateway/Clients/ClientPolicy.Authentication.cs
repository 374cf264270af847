using System.Collections.Immutable;
using Vsmtp.Contracts.Mail;
using Vsmtp.Gateway.Authentication;
using Vsmtp.Rules;
using Vsmtp.Smtp.Server;
using Vsmtp.Smtp.Server.Authentication;

namespace Vsmtp.Gateway.Clients;

internal sealed partial class ClientPolicy
{
    private readonly ImmutableArray<MailEvent>.Builder _authenticateEvents = ImmutableArray.CreateBuilder<MailEvent>();

    /// <summary>The rules of <c>authenticate</c> decide; where they leave it open, the file of users; else nobody is let in.</summary>
    public async ValueTask<SaslAnswer> OnAuthenticateAsync(SmtpSessionInfo session, SaslCredentials credentials, CancellationToken cancellationToken)
    {
        var shown = Shown(credentials);
        var log = new NamedRuleLog(services.RuleLog, session.Id);
        // One of its own, which is gone when the rules are through: nothing of a password stays.
        var context = new RuleContext
        {
            Client = _context.Client,
            Server = _context.Server,
            ServerName = _context.ServerName,
            IsSecured = _context.IsSecured,
            TlsVersion = _context.TlsVersion,
            TlsCipher = _context.TlsCipher,
            ConnectedAt = _context.ConnectedAt,
            Helo = _context.Helo,
            Credentials = shown,
            Log = shown.Secret is { } secret ? new MaskedRuleLog(log, secret) : log,
        };
        var outcome = await EvaluateAsync(Stage.Authenticate, session, context, _authenticateEvents, cancellationToken).ConfigureAwait(false);
        // A rule that could not judge has not found the password wrong.
        if (outcome.Failure is not null) return SaslAnswer.NotNow;
        return credentials is SaslCredentials.VerifierQuery
            ? new SaslAnswer.Verifier(await VerifierForAsync(credentials.Name, outcome, cancellationToken).ConfigureAwait(false))
            : await AnswerAsync(credentials, outcome, cancellationToken).ConfigureAwait(false);
    }

    public ValueTask OnAuthenticatedAsync(SmtpSessionInfo session, SmtpIdentity identity, CancellationToken cancellationToken)
    {
        _context.IsAuthenticated = true;
        _context.Credentials = new RuleCredentials(identity.Mechanism.Name, identity.Name);
        _authenticateEvents.Add(new MailEvent(
            services.Time.GetUtcNow(), services.Node, "authenticated", $"as \"{identity.Name.Replace('"', '\'')}\" by {identity.Mechanism.Name}"));
        return ValueTask.CompletedTask;
    }

    public ValueTask<TimeSpan> OnNotAuthenticatedAsync(SmtpSessionInfo session, CancellationToken cancellationToken) =>
        ValueTask.FromResult(services.FailurePace.Fail(session.Client.Address));

    /// <summary>With a file of users a name that rules refuse takes as long as one that they leave to it.</summary>
    private async ValueTask<SaslAnswer> AnswerAsync(SaslCredentials credentials, StageOutcome outcome, CancellationToken cancellationToken) =>
        (outcome.Status, credentials) switch
        {
            (RuleStatusKind.Packet, SaslCredentials.Query) => new SaslAnswer.Password(outcome.Packet!.Reveal()),
            (RuleStatusKind.Accept, not SaslCredentials.Query) => SaslAnswer.Accepted,
            (RuleStatusKind.Next, SaslCredentials.Verify shown) when services.Users is { } users =>
                await users.IsGoodAsync(shown.Name, shown.Password, cancellationToken).ConfigureAwait(false)
                    ? SaslAnswer.Accepted
                    : SaslAnswer.Refused,
            (_, SaslCredentials.Verify shown) when services.Users is { } users => await RefuseAsync(users, shown, cancellationToken).ConfigureAwait(false),
            _ => SaslAnswer.Refused,
        };

    private async ValueTask<SaslAnswer> RefuseAsync(UserStore users, SaslCredentials.Verify shown, CancellationToken cancellationToken)
    {
        var nobody = users.MadeUpFor(shown.Name);
        await services.KeyWorkers.RunAsync(() => nobody.Fits(shown.Password), cancellationToken).ConfigureAwait(false);
        return SaslAnswer.Refused;
    }

    /// <summary>
    /// Who is refused is refused at the end, and where rules may give a password every name costs a derivation: a client does not learn who is
    /// known here, nor to whom.
    /// </summary>
    private async ValueTask<ScramVerifier> VerifierForAsync(string name, StageOutcome outcome, CancellationToken cancellationToken)
    {
        var kept = outcome.Status is RuleStatusKind.Next ? services.Users?.Find(name) : services.Users?.MadeUpFor(name);
        kept ??= ScramVerifier.MadeUpFor(name, services.SaltSecret);
        if (_rules[Stage.Authenticate].IsEmpty) return kept;
        return await services.KeyWorkers.RunAsync(() => kept.For(outcome.Packet?.Reveal()), cancellationToken).ConfigureAwait(false);
    }

    private static RuleCredentials Shown(SaslCredentials credentials) => new(credentials.Mechanism.Name, credentials.Name, credentials switch
    {
        SaslCredentials.Verify shown => new HiddenText(shown.Password),
        SaslCredentials.BearerToken shown => new HiddenText(shown.Token),
        _ => null,
    });
}
