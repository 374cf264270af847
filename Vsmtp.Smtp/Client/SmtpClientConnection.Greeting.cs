using Vsmtp.Mail.Transfer;
using Vsmtp.Smtp.Replies;

namespace Vsmtp.Smtp.Client;

public sealed partial class SmtpClientConnection
{
    private async Task GreetAsync(CancellationToken cancellationToken)
    {
        if (_options.Tls.IsFirst) await SecureAsync(cancellationToken).ConfigureAwait(false);
        var banner = await ReadAsync(SmtpClientPhase.Greeting, _options.Timeouts.Greeting, cancellationToken).ConfigureAwait(false);
        if (!banner.IsPositive) throw new SmtpConnectException(SmtpClientPhase.Greeting, banner);

        await IntroduceAsync(cancellationToken).ConfigureAwait(false);
        // RFC 3207 §4.2: what was announced in clear is forgotten, and asked for again.
        if (await StartTlsAsync(cancellationToken).ConfigureAwait(false)) await IntroduceAsync(cancellationToken).ConfigureAwait(false);
        await AuthenticateAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task IntroduceAsync(CancellationToken cancellationToken)
    {
        Capabilities = SmtpCapabilities.None;
        var isLmtp = _options.Protocol == TransferProtocol.Lmtp;
        // RFC 2033 §4.1: LHLO, and neither EHLO nor HELO.
        var hello = await HelloAsync(isLmtp ? "LHLO" : "EHLO", cancellationToken).ConfigureAwait(false);
        if (hello.IsPositive)
        {
            Capabilities = SmtpCapabilities.Read(hello);
            return;
        }

        // RFC 5321 §3.2: HELO for a server that does not know EHLO. A transient refusal is of us, not of the verb.
        var asksAgain = hello.IsPermanent && !isLmtp;
        var last = asksAgain ? await HelloAsync("HELO", cancellationToken).ConfigureAwait(false) : hello;
        if (!last.IsPositive) throw new SmtpConnectException(SmtpClientPhase.Helo, last);
    }

    /// <returns>False: the session goes on in clear, which is good enough.</returns>
    /// <exception cref="SmtpConnectException">It is not good enough.</exception>
    private async Task<bool> StartTlsAsync(CancellationToken cancellationToken)
    {
        var tls = _options.Tls;
        if (tls.Level == TlsLevel.None || IsSecured) return false;
        if (!Capabilities.Has("STARTTLS"))
        {
            return tls.IsRequired
                ? throw new SmtpConnectException(SmtpClientPhase.StartTls, "it does not announce STARTTLS, and nothing is sent to it without TLS")
                : false;
        }

        var reply = await AskAsync("STARTTLS", SmtpClientPhase.StartTls, _options.Timeouts.Command, cancellationToken).ConfigureAwait(false);
        if (reply.IsPositive)
        {
            await SecureAsync(cancellationToken).ConfigureAwait(false);
            return true;
        }

        return tls.IsRequired || _isBroken ? throw new SmtpConnectException(SmtpClientPhase.StartTls, reply) : false;
    }

    private async Task SecureAsync(CancellationToken cancellationToken)
    {
        using var handshake = new SmtpTlsHandshake(_options.Tls, _destination.Host);
        try
        {
            await _wire.SecureAsync(handshake.Options, _options.Timeouts.Command, cancellationToken).ConfigureAwait(false);
            TlsFault = handshake.Fault;
        }
        catch (SmtpConversationException e) when (e.Reason is SmtpBreak.Tls && handshake.Fault is not null)
        {
            throw new SmtpConversationException(e.Phase, e.Reason, $"TLS failed: {handshake.Fault}", e);
        }
    }

    private ValueTask<SmtpReply> HelloAsync(string verb, CancellationToken cancellationToken) =>
        AskAsync($"{verb} {_options.HeloName}", SmtpClientPhase.Helo, _options.Timeouts.Command, cancellationToken);
}
