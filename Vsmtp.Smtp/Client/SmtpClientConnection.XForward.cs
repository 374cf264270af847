using Vsmtp.Smtp.Commands;
using Vsmtp.Smtp.Replies;

namespace Vsmtp.Smtp.Client;

public sealed partial class SmtpClientConnection
{
    /// <summary>The server said 5yz once. It would to the next mail too, and servers count errors.</summary>
    private bool _wantsNoOrigin;

    /// <summary>
    /// Tells a server that wants to know where the mail came from first. Its refusal costs the mail nothing, as with Postfix: what is told
    /// is for logs.
    /// </summary>
    /// <returns>The refusal, behind which the rest is not told; null: none.</returns>
    private async Task<SmtpReply?> TellOriginAsync(XForwardAttributes? origin, CancellationToken cancellationToken)
    {
        if (origin is null || _wantsNoOrigin) return null;
        foreach (var line in XForwardSyntax.Write(origin, Capabilities.XForward))
        {
            var reply = await AskAsync(line, SmtpClientPhase.XForward, _options.Timeouts.Command, cancellationToken).ConfigureAwait(false);
            if (SmtpProgress.IsDone(reply, SmtpClientPhase.XForward)) continue;
            _wantsNoOrigin = reply.IsPermanent;
            return reply;
        }

        return null;
    }
}
