using Vsmtp.Smtp.Commands;
using Vsmtp.Smtp.Replies;
using Vsmtp.Smtp.Wire;

namespace Vsmtp.Smtp.Server;

public sealed partial class SmtpServerSession
{
    private async ValueTask<SessionEnd?> DataAsync(SmtpPhase next)
    {
        var transaction = _transaction!;
        var answer = await AskAsync(
            nameof(_policy.OnDataAsync), () => _policy.OnDataAsync(transaction, _abort),
            new DataVerdict.Refuse(LocalError)).ConfigureAwait(false);
        if (answer is not DataVerdict.Take { Sink: var sink })
        {
            var refusal = ((DataVerdict.Refuse)answer).Verdict;
            return await AnswerAsync(refusal, SmtpReplies.Denied).ConfigureAwait(false);
        }

        // From here on the sink is told how it ends, not OnReset.
        _transaction = null;
        _phase = next;
        Write(_options.Replies.DataStart);
        var intake = new MessageIntake(sink, Limits);
        return await ReceiveAsync(intake).ConfigureAwait(false);
    }

    private DataLimits Limits => new(_options.MaxMessageBytes, _options.MaxHeaderBytes, _options.MaxBodyLineBytes);

    private async ValueTask<SessionEnd?> ReceiveAsync(MessageIntake intake)
    {
        var read = WireRead.EndOfInput;
        try
        {
            read = await ReadMessageAsync(intake).ConfigureAwait(false);
        }
        finally
        {
            // Reached by way of an exception too: the sink must not be left with half a message.
            if (!intake.IsComplete)
            {
                var reason = read == WireRead.TimedOut ? MessageAbort.TimedOut : MessageAbort.ConnectionLost;
                await intake.AbortAsync(reason).ConfigureAwait(false);
                ReportFault(intake);
            }
        }

        if (intake.IsComplete) return await FinishAsync(intake, SmtpVerb.Data).ConfigureAwait(false);
        if (read != WireRead.TimedOut) return SessionEnd.ConnectionLost;
        return await HangUpAsync(_options.Replies.TimedOut, SessionEnd.TimedOut).ConfigureAwait(false);
    }

    /// <summary>Feeds what arrives to the intake until the message ends, or the client does.</summary>
    private async ValueTask<WireRead> ReadMessageAsync(MessageIntake intake)
    {
        if (!await FlushAsync().ConfigureAwait(false)) return WireRead.EndOfInput;
        var whole = new Deadline(_time, _options.Timeouts.WholeMessage);
        while (true)
        {
            _wire.Buffer = await intake.FeedAsync(_wire.Buffer, _abort).ConfigureAwait(false);
            if (intake.IsComplete) return WireRead.Bytes;

            var deadline = Deadline.Earlier(new Deadline(_time, _options.Timeouts.Data), whole);
            var read = await _wire.ReadAsync(deadline, inData: true, _abort).ConfigureAwait(false);
            if (read != WireRead.Bytes) return read;
            if (whole.IsOver) return WireRead.TimedOut;
        }
    }

    /// <summary>
    /// Answers the dot, or the last chunk. Nothing more is read before: the reply is what makes the message ours (RFC 5321 §4.1.1.4).
    /// </summary>
    private async ValueTask<SessionEnd?> FinishAsync(MessageIntake intake, SmtpVerb verb)
    {
        if (intake.Reason is null)
        {
            var verdict = await intake.CompleteAsync(_abort).ConfigureAwait(false);
            if (verdict is not null) return await AnswerAsync(verdict, _options.Replies.Ok).ConfigureAwait(false);
        }

        ReportFault(intake);
        // What follows may be one more transaction, or content for whoever was before us: it is neither read nor run.
        if (intake.IsEndDoubtful) return await HangUpAsync(SmtpReplies.BadContent, SessionEnd.BadLine).ConfigureAwait(false);
        var reply = intake.Reason switch
        {
            MessageAbort.BadContent => SmtpReplies.BadContent,
            MessageAbort.LineTooLong => SmtpReplies.BodyLineTooLong,
            MessageAbort.HeaderTooBig => SmtpReplies.HeaderTooBig,
            MessageAbort.TooBig => _options.Replies.MessageTooBig,
            _ => _options.Replies.LocalError,
        };
        return await RefuseAsync(verb, reply).ConfigureAwait(false);
    }

    private void ReportFault(MessageIntake intake)
    {
        if (intake.SinkFault is { } fault) LogPolicyFailed(fault, Info, nameof(IMessageSink), _phase);
        if (intake.Reason is { } reason) LogMessageRefused(Info, intake.ContentBytes, reason);
    }
}
