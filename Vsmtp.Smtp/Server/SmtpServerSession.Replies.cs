using Vsmtp.Smtp.Replies;

namespace Vsmtp.Smtp.Server;

public sealed partial class SmtpServerSession
{
    private int _errors;
    private bool _hasUnsent;

    /// <summary>Asks the policy; what it throws costs the command 451 and no more.</summary>
    private async ValueTask<T> AskAsync<T>(string step, Func<ValueTask<T>> question, T onFault)
    {
        try
        {
            return await question().ConfigureAwait(false);
        }
        catch (Exception fault) when (!_abort.IsCancellationRequested)
        {
            LogPolicyFailed(fault, Info, step, _phase);
            return onFault;
        }
    }

    private SessionVerdict LocalError => SessionVerdict.Inform(_options.Replies.LocalError);

    /// <summary>Sends the reply of a verdict, or the session's own where it has none.</summary>
    private async ValueTask<SessionEnd?> AnswerAsync(SessionVerdict verdict, SmtpReply ordinary)
    {
        if (verdict == SessionVerdict.HangUp) return SessionEnd.Refused;
        if (verdict.Reply is not { } reply) return await ReplyAsync(ordinary).ConfigureAwait(false);
        // RFC 5321 §3.8: 421 says that the connection ends.
        if (!verdict.Closes && reply.Code != SmtpReplies.ShuttingDown.Code) return await SendAsync(reply).ConfigureAwait(false);
        Write(reply);
        await FlushAsync().ConfigureAwait(false);
        return SessionEnd.Refused;
    }

    /// <summary>Sends a reply of the session's own.</summary>
    /// <returns>Null when the conversation goes on.</returns>
    private ValueTask<SessionEnd?> ReplyAsync(SmtpReply reply) => SendAsync(Ours(reply));

    private async ValueTask<SessionEnd> HangUpAsync(SmtpReply reply, SessionEnd end)
    {
        Write(Ours(reply));
        return await FlushAsync().ConfigureAwait(false) ? end : SessionEnd.ConnectionLost;
    }

    /// <summary>
    /// Sends a reply and counts it if it is an error: from one limit on errors cost time, with the other they end the session.
    /// </summary>
    private async ValueTask<SessionEnd?> SendAsync(SmtpReply reply)
    {
        if (reply.IsNegative) _errors++;
        if (!reply.IsNegative || !IsReached(_options.SoftErrorCount) && !IsReached(_options.HardErrorCount))
        {
            Write(reply);
            return null;
        }

        if (IsReached(_options.HardErrorCount))
        {
            return await HangUpAsync(reply.Then(_options.Replies.TooManyErrors), SessionEnd.TooManyErrors).ConfigureAwait(false);
        }

        Write(reply);
        if (!await FlushAsync().ConfigureAwait(false)) return SessionEnd.ConnectionLost;
        await DelayAsync(_options.ErrorDelay).ConfigureAwait(false);
        return null;
    }

    private bool IsReached(int limit) => limit >= 0 && _errors >= limit;

    private async ValueTask DelayAsync(TimeSpan delay)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_shutdown, _abort);
        await Task.Delay(delay, _time, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _abort.ThrowIfCancellationRequested();
    }

    /// <summary>Enhanced codes are for clients that were offered them (RFC 2034 §4); a rule's reply keeps its own.</summary>
    private SmtpReply Ours(SmtpReply reply) =>
        _options.Extensions.HasFlag(SmtpExtensions.EnhancedStatusCodes) ? reply : reply.WithoutEnhanced();

    private void Write(SmtpReply reply)
    {
        SmtpReplyWriter.Write(_wire.Output, reply);
        _hasUnsent = true;
    }

    /// <returns>False when the client is gone, or takes nothing.</returns>
    private async ValueTask<bool> FlushAsync()
    {
        if (!_hasUnsent) return true;
        _hasUnsent = false;
        return await _wire.FlushAsync(_options.Timeouts.Reply, _abort).ConfigureAwait(false);
    }
}
