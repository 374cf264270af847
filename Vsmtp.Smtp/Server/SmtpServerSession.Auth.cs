using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Vsmtp.Smtp.Commands;
using Vsmtp.Smtp.Replies;
using Vsmtp.Smtp.Server.Authentication;
using Vsmtp.Smtp.Wire;

namespace Vsmtp.Smtp.Server;

public sealed partial class SmtpServerSession
{
    private int _cancelled;

    /// <summary>Of an exchange whose credentials have been asked about, and which has come to no end yet.</summary>
    private SaslMechanism? _unsettled;

    /// <summary>RFC 4954 §6: MAIL where authentication is required; RFC 6409 §4.3.</summary>
    private bool NeedsAuth(SmtpVerb verb) =>
        verb is SmtpVerb.Mail && Info.Identity is null
        && _options.Auth is { } auth && (auth.IsRequired || _connection.IsSubmission);

    /// <summary>One attempt to authenticate (RFC 4954 §4). What the client says in it is in no log and in no reply.</summary>
    private async ValueTask<SessionEnd?> AuthAsync(SmtpCommand.Auth command)
    {
        var auth = _options.Auth!;
        if (Info.Identity is not null) return await RefuseAsync(SmtpVerb.Auth, _options.Replies.BadSequence).ConfigureAwait(false);
        var mechanism = auth.Mechanisms.FirstOrDefault(known => known.Name.Equals(command.Mechanism, StringComparison.OrdinalIgnoreCase));
        if (mechanism is null) return await RefuseAsync(SmtpVerb.Auth, _options.Replies.MechanismUnknown).ConfigureAwait(false);
        // The password may be out already; a client that goes on in clear is to notice.
        if (!Info.IsSecured && !auth.IsAllowedInClear) return await EndAuthAsync(_options.Replies.MechanismNeedsTls).ConfigureAwait(false);
        if (command.InitialResponse is not null && !mechanism.IsClientFirst)
            return await EndAuthAsync(_options.Replies.ClientMustNotStart).ConfigureAwait(false);

        var exchange = mechanism.Begin(_options.Domain);
        if (command.InitialResponse is not { } initial) return await ExchangeAsync(mechanism, exchange, exchange.Begin()).ConfigureAwait(false);
        // RFC 4954 §4: "=" is an initial response of no octets.
        if (!TryDecode(initial == "=" ? [] : Encoding.UTF8.GetBytes(initial), out var octets))
            return await RefuseAsync(SmtpVerb.Auth, _options.Replies.NotBase64).ConfigureAwait(false);
        return await ExchangeAsync(mechanism, exchange, Respond(exchange, octets)).ConfigureAwait(false);
    }

    /// <param name="step">The first.</param>
    private async ValueTask<SessionEnd?> ExchangeAsync(SaslMechanism mechanism, SaslExchange exchange, SaslStep step)
    {
        var deadline = new Deadline(_time, _options.Timeouts.Auth);
        while (true)
        {
            switch (step)
            {
                case SaslStep.Ask ask:
                    _unsettled = mechanism;
                    step = exchange.Answer(await AskAsync(
                        nameof(_policy.OnAuthenticateAsync), () => _policy.OnAuthenticateAsync(Info, ask.Credentials, _abort), SaslAnswer.NotNow)
                        .ConfigureAwait(false));
                    break;
                case SaslStep.Challenge challenge:
                    WriteChallenge(challenge.Octets);
                    var (outcome, line) = await NextLineAsync(deadline).ConfigureAwait(false);
                    if (outcome is not LineOutcome.Line || !TryDecode(line.Span, out var octets))
                        return await LeaveOffAsync(outcome, isCancelled: line.Span.SequenceEqual("*"u8)).ConfigureAwait(false);
                    step = Respond(exchange, octets);
                    break;
                case SaslStep.FailingChallenge challenge:
                    await SlowDownAsync(mechanism).ConfigureAwait(false);
                    WriteChallenge(challenge.Octets);
                    var (last, _) = await NextLineAsync(deadline).ConfigureAwait(false);
                    if (last is not LineOutcome.Line) return await NoLineAsync(last, SmtpReplies.AuthLineTooLong).ConfigureAwait(false);
                    return await EndAuthAsync(_options.Replies.BadCredentials).ConfigureAwait(false);
                case SaslStep.Succeed success:
                    _unsettled = null;
                    return await AuthenticatedAsync(new SmtpIdentity(mechanism, success.Name)).ConfigureAwait(false);
                case var _ when step == SaslStep.GiveUp:
                    _unsettled = null;
                    return await EndAuthAsync(_options.Replies.AuthNotNow).ConfigureAwait(false);
                default:
                    await SlowDownAsync(mechanism).ConfigureAwait(false);
                    return await EndAuthAsync(_options.Replies.BadCredentials).ConfigureAwait(false);
            }
        }
    }

    private static SaslStep Respond(SaslExchange exchange, byte[] octets)
    {
        try
        {
            return exchange.Respond(octets);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(octets);
        }
    }

    private async ValueTask<SessionEnd?> AuthenticatedAsync(SmtpIdentity identity) =>
        await TakeIdentityAsync(identity).ConfigureAwait(false) ?? await ReplyAsync(_options.Replies.Authenticated).ConfigureAwait(false);

    private async ValueTask<SessionEnd?> TakeIdentityAsync(SmtpIdentity identity)
    {
        var isTold = await AskAsync(nameof(_policy.OnAuthenticatedAsync), async () =>
        {
            await _policy.OnAuthenticatedAsync(Info, identity, _abort).ConfigureAwait(false);
            return true;
        }, onFault: false).ConfigureAwait(false);
        if (!isTold) return await EndAuthAsync(_options.Replies.AuthNotNow).ConfigureAwait(false);
        Info.Identity = identity;
        LogAuthenticated(Info, identity.Name, identity.Mechanism.Name);
        return null;
    }

    /// <summary>Before the client can know that it has failed.</summary>
    private async ValueTask SlowDownAsync(SaslMechanism mechanism)
    {
        _unsettled = null;
        LogNotAuthenticated(Info, mechanism.Name);
        var pause = await AskAsync(
            nameof(_policy.OnNotAuthenticatedAsync), () => _policy.OnNotAuthenticatedAsync(Info, _abort), TimeSpan.Zero).ConfigureAwait(false);
        if (pause <= TimeSpan.Zero) return;
        // Its place is free for another when it goes.
        using var watch = Info.Watch?.Invoke();
        await DelayAsync(pause).ConfigureAwait(false);
    }

    /// <summary>
    /// The client does not go on with an exchange. Where credentials were asked about it has had what a failure gives, a name's salt and our
    /// work, and pays as for one; where the connection ends with it, it is counted then, and nobody waits.
    /// </summary>
    private async ValueTask<SessionEnd?> LeaveOffAsync(LineOutcome outcome, bool isCancelled)
    {
        if (_unsettled is { } mechanism && outcome is (LineOutcome.Line or LineOutcome.TooLong)) await SlowDownAsync(mechanism).ConfigureAwait(false);
        if (outcome is not LineOutcome.Line) return await NoLineAsync(outcome, SmtpReplies.AuthLineTooLong).ConfigureAwait(false);
        return isCancelled
            ? await CancelAsync().ConfigureAwait(false)
            : await RefuseAsync(SmtpVerb.Auth, _options.Replies.NotBase64).ConfigureAwait(false);
    }

    /// <summary>RFC 4954 §4: the client takes it back.</summary>
    private async ValueTask<SessionEnd?> CancelAsync()
    {
        _cancelled++;
        return _options.Auth is { MaxCancelled: >= 0 and var most } && _cancelled > most
            ? await EndAuthAsync(_options.Replies.AuthRequired).ConfigureAwait(false)
            : await RefuseAsync(SmtpVerb.Auth, _options.Replies.AuthCancelled).ConfigureAwait(false);
    }

    private async ValueTask<SessionEnd?> EndAuthAsync(SmtpReply reply)
    {
        LogCommandRefused(Info, SmtpVerb.Auth, _phase, reply.Code);
        return await HangUpAsync(reply, SessionEnd.Refused).ConfigureAwait(false);
    }

    /// <summary>RFC 4954 §4: one line, however long.</summary>
    private void WriteChallenge(byte[] octets)
    {
        var line = Encoding.ASCII.GetBytes($"334 {Convert.ToBase64String(octets)}\r\n");
        line.CopyTo(_wire.Output.GetSpan(line.Length));
        _wire.Output.Advance(line.Length);
        _hasUnsent = true;
    }

    /// <summary>Nothing but base64 (RFC 4648 §4): no blank, and all of its padding.</summary>
    private static bool TryDecode(ReadOnlySpan<byte> text, out byte[] octets)
    {
        octets = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
        if (text.ContainsAny(" \t"u8) || Base64.DecodeFromUtf8(text, octets, out _, out var length) is not OperationStatus.Done) return false;
        octets = octets[..length];
        return true;
    }
}
