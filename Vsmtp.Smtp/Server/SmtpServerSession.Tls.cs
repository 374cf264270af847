using System.Globalization;
using System.Net.Security;
using Vsmtp.Smtp.Commands;
using Vsmtp.Smtp.Replies;
using Vsmtp.Smtp.Wire;

namespace Vsmtp.Smtp.Server;

public sealed partial class SmtpServerSession
{
    /// <summary>For the client to take the last octets of TLS.</summary>
    private static readonly TimeSpan GoodbyeTimeout = TimeSpan.FromSeconds(5);

    /// <summary>A verdict on the connection that came when there was no reply to give: the next command gets it.</summary>
    private SessionVerdict? _refusal;

    /// <summary>RFC 3207 §4: what may be said in clear where TLS is required.</summary>
    private bool NeedsTls(SmtpVerb verb) =>
        _options.Tls is { IsRequired: true } && !Info.IsSecured
        && verb is not (SmtpVerb.Ehlo or SmtpVerb.StartTls or SmtpVerb.Noop or SmtpVerb.Quit);

    private async ValueTask<SessionEnd?> StartTlsAsync()
    {
        if (_options.Tls is not { } tls) return await RefuseAsync(SmtpVerb.StartTls, _options.Replies.TlsNotAvailable).ConfigureAwait(false);
        if (Info.IsSecured) return await RefuseAsync(SmtpVerb.StartTls, _options.Replies.AlreadyUnderTls).ConfigureAwait(false);
        if (!_wire.Buffer.IsEmpty)
        {
            // Said in clear, by whoever sits between, to be taken for what the client says under TLS (RFC 3207 §6). What arrives later fails
            // as part of the handshake.
            LogCommandsInjected(Info, _wire.Buffer.Length);
            return await HangUpAsync(SmtpReplies.BytesBehindStartTls, SessionEnd.TlsFailed).ConfigureAwait(false);
        }

        Write(Ours(_options.Replies.TlsGoAhead));
        if (!await FlushAsync().ConfigureAwait(false)) return SessionEnd.ConnectionLost;
        if (await SecureAsync(tls).ConfigureAwait(false) is { } end) return end;

        // RFC 3207 §4.2: what was said before is forgotten. No transaction can be open.
        Info.Helo = null;
        Info.Identity = null;
        _told = null;
        _phase = SmtpPhase.Connected;
        return await ReconsiderAsync().ConfigureAwait(false);
    }

    /// <summary>Asks anew whether the connection is wanted, now that it is known to be another. There is no second greeting.</summary>
    private async ValueTask<SessionEnd?> ReconsiderAsync()
    {
        var verdict = await ConnectAsync().ConfigureAwait(false);
        if (verdict == SessionVerdict.HangUp) return SessionEnd.Refused;
        if (!IsRefusal(verdict)) return null;
        _phase = SmtpPhase.Refused;
        _refusal = verdict;
        return null;
    }

    /// <summary>The handshake; behind it all that is said is said under TLS.</summary>
    /// <returns>Null when it succeeded.</returns>
    private async ValueTask<SessionEnd?> SecureAsync(SmtpServerTls tls)
    {
        var terms = (SmtpTlsTerms?)null;
        ServerOptionsSelectionCallback optionsFor = (_, hello, _, _) =>
        {
            terms = tls.TermsFor(NameOf(hello));
            return ValueTask.FromResult(terms.Options);
        };
        using var patience = new CancellationTokenSource(tls.HandshakeTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, _shutdown, _abort);
        try
        {
            var agreed = await _wire.SecureAsync(optionsFor, either.Token).ConfigureAwait(false);
            Info.Tls = SmtpTlsFacts.Of(agreed, terms?.ServerName);
            LogSecured(Info, Info.Tls.Version, Info.Tls.Cipher);
            return null;
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            LogTlsFailed(Info, $"it takes longer than {tls.HandshakeTimeout.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture)} s");
            return SessionEnd.TlsFailed;
        }
        catch (OperationCanceledException) when (_shutdown.IsCancellationRequested)
        {
            return SessionEnd.Shutdown;
        }
        catch (Exception failed) when (failed is not OperationCanceledException && !_abort.IsCancellationRequested)
        {
            // Of many kinds, for whatever the client sent: a hello that cannot be read is a NotSupportedException.
            LogTlsFailed(Info, (failed.InnerException ?? failed).Message);
            return SessionEnd.TlsFailed;
        }
    }

    /// <summary>SslStream gives a name of another alphabet decoded; names are kept as they are on the wire.</summary>
    private static string NameOf(SslClientHelloInfo hello)
    {
        try
        {
            return string.IsNullOrEmpty(hello.ServerName) ? "" : new IdnMapping().GetAscii(hello.ServerName).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            return "";      // no name at all: it is none of ours
        }
    }
}
