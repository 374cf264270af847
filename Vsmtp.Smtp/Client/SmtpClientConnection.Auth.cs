using System.Text;
using Vsmtp.Smtp.Replies;

namespace Vsmtp.Smtp.Client;

public sealed partial class SmtpClientConnection
{
    /// <summary>Signs on, if that is asked for; the password goes over TLS or stays on this machine (RFC 4954 §4).</summary>
    /// <exception cref="SmtpConnectException">The server cannot do it, does not believe us, or would hear the password in clear.</exception>
    private async Task AuthenticateAsync(CancellationToken cancellationToken)
    {
        if (_options.Credentials is not { } credentials) return;
        if (!IsSecured && !_isLoopback) throw new SmtpConnectException(SmtpClientPhase.Auth, "a password is not sent in clear, and there is no TLS");
        var mechanisms = Capabilities.AuthMechanisms;
        var last = mechanisms.Contains("PLAIN", StringComparer.OrdinalIgnoreCase) ? await AuthPlainAsync(credentials, cancellationToken).ConfigureAwait(false)
            : mechanisms.Contains("LOGIN", StringComparer.OrdinalIgnoreCase) ? await AuthLoginAsync(credentials, cancellationToken).ConfigureAwait(false)
            : throw new SmtpConnectException(SmtpClientPhase.Auth, "it offers neither AUTH PLAIN nor AUTH LOGIN");
        if (!last.IsPositive) throw new SmtpConnectException(SmtpClientPhase.Auth, WithoutSecrets(last, credentials));
    }

    /// <summary>Some servers say back what they do not understand, and what they say is in histories and notifications.</summary>
    private static SmtpReply WithoutSecrets(SmtpReply reply, SmtpCredentials credentials)
    {
        string[] secrets = [PlainWord(credentials), Base64(credentials.Password), credentials.Password];
        return new SmtpReply(reply.Code, reply.Enhanced, reply.Lines.Select(line =>
            secrets.Any(secret => secret.Length > 0 && line.Contains(secret, StringComparison.Ordinal)) ? "(not shown)" : line));
    }

    /// <summary>RFC 4616: authorized as whom we authenticate.</summary>
    private ValueTask<SmtpReply> AuthPlainAsync(SmtpCredentials credentials, CancellationToken cancellationToken) =>
        AskAsync($"AUTH PLAIN {PlainWord(credentials)}", SmtpClientPhase.Auth, _options.Timeouts.Command, cancellationToken);

    private async Task<SmtpReply> AuthLoginAsync(SmtpCredentials credentials, CancellationToken cancellationToken)
    {
        var reply = await AskAsync("AUTH LOGIN", SmtpClientPhase.Auth, _options.Timeouts.Command, cancellationToken).ConfigureAwait(false);
        foreach (var word in (string[])[credentials.User, credentials.Password])
        {
            if (reply.Code != 334) return reply;
            reply = await AskAsync(Base64(word), SmtpClientPhase.Auth, _options.Timeouts.Command, cancellationToken).ConfigureAwait(false);
        }

        return reply;
    }

    private static string PlainWord(SmtpCredentials credentials) => Base64($"\0{credentials.User}\0{credentials.Password}");

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
