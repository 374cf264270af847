using System.Globalization;
using Vsmtp.Smtp.Commands;
using Vsmtp.Smtp.Replies;
using Vsmtp.Smtp.Wire;

namespace Vsmtp.Smtp.Server;

/// <content>BDAT (RFC 3030 §2).</content>
public sealed partial class SmtpServerSession
{
    /// <summary>The message whose chunks come; null in <see cref="SmtpPhase.Chunks"/>: it was refused, and the client is to say RSET.</summary>
    private MessageIntake? _chunked;

    /// <summary>For all chunks of <see cref="_chunked"/> together.</summary>
    private Deadline _chunksEnd;

    /// <summary>Takes a chunk. Whatever the answer is, its octets stand behind the line and are no commands.</summary>
    private async ValueTask<SessionEnd?> BdatAsync(SmtpCommand.Bdat chunk)
    {
        // Nobody wants to read that much to say no.
        if (chunk.Bytes > _options.MaxMessageBytes)
        {
            LogCommandRefused(Info, chunk.Verb, _phase, _options.Replies.MessageTooBig.Code);
            return await HangUpAsync(_options.Replies.MessageTooBig, SessionEnd.Refused).ConfigureAwait(false);
        }

        var refusal = _chunked is null ? await BeginChunksAsync(chunk).ConfigureAwait(false) : null;
        var read = WireRead.EndOfInput;
        try
        {
            read = await ReadChunkAsync(chunk.Bytes).ConfigureAwait(false);
        }
        finally
        {
            // Reached by way of an exception too.
            if (read != WireRead.Bytes) await AbandonChunksAsync(read == WireRead.TimedOut ? MessageAbort.TimedOut : MessageAbort.ConnectionLost).ConfigureAwait(false);
        }

        if (read == WireRead.TimedOut) return await HangUpAsync(_options.Replies.TimedOut, SessionEnd.TimedOut).ConfigureAwait(false);
        if (read == WireRead.Shutdown) return await HangUpAsync(SmtpReplies.ShuttingDown, SessionEnd.Shutdown).ConfigureAwait(false);
        if (read != WireRead.Bytes) return SessionEnd.ConnectionLost;
        if (refusal is not null) return await AnswerAsync(refusal, SmtpReplies.Denied).ConfigureAwait(false);
        return await AnswerChunkAsync(chunk).ConfigureAwait(false);
    }

    /// <returns>Null: the message has begun.</returns>
    private async ValueTask<SessionVerdict?> BeginChunksAsync(SmtpCommand.Bdat chunk)
    {
        if (_refusal is { } refusal)
        {
            _refusal = null;
            return refusal;
        }

        if (NeedsTls(chunk.Verb)) return Refuse(chunk.Verb, _options.Replies.TlsRequired);
        if (_phase == SmtpPhase.Sender) return Refuse(chunk.Verb, SmtpReplies.NoRecipients);
        if (_phase != SmtpPhase.Recipients) return Refuse(chunk.Verb, _options.Replies.BadSequence);

        var transaction = _transaction!;
        var answer = await AskAsync(
            nameof(_policy.OnDataAsync), () => _policy.OnDataAsync(transaction, _abort), new DataVerdict.Refuse(LocalError)).ConfigureAwait(false);
        if (answer is DataVerdict.Take { Sink: var sink })
        {
            // From here on the sink is told how it ends, not OnReset.
            _transaction = null;
            _phase = SmtpPhase.Chunks;
            _chunked = new MessageIntake(sink, Limits, isChunked: true);
            _chunksEnd = new Deadline(_time, _options.Timeouts.WholeMessage);
            return null;
        }

        // A message that lacks its first chunk must not begin with the second.
        await EndTransactionAsync(TransactionEnd.Reset, _abort).ConfigureAwait(false);
        _phase = chunk.IsLast ? SmtpPhase.Greeted : SmtpPhase.Chunks;
        return ((DataVerdict.Refuse)answer).Verdict;
    }

    private SessionVerdict Refuse(SmtpVerb verb, SmtpReply reply)
    {
        LogCommandRefused(Info, verb, _phase, reply.Code);
        return SessionVerdict.Inform(Ours(reply));
    }

    /// <summary>Feeds a chunk to the intake, if there is one; else passes it over.</summary>
    private async ValueTask<WireRead> ReadChunkAsync(long left)
    {
        var whole = _chunked is null ? new Deadline(_time, _options.Timeouts.WholeMessage) : _chunksEnd;
        while (true)
        {
            if (whole.IsOver) return WireRead.TimedOut;
            var part = _wire.Buffer.Slice(0, Math.Min(left, _wire.Buffer.Length));
            if (_chunked is { } intake) await intake.FeedAsync(part, _abort).ConfigureAwait(false);
            left -= part.Length;
            _wire.Buffer = _wire.Buffer.Slice(part.End);
            if (left == 0) return WireRead.Bytes;

            if (!await FlushAsync().ConfigureAwait(false)) return WireRead.EndOfInput;
            var deadline = Deadline.Earlier(new Deadline(_time, _options.Timeouts.Data), whole);
            var read = await _wire.ReadAsync(deadline, inData: _chunked is not null, _abort).ConfigureAwait(false);
            if (read != WireRead.Bytes) return read;
        }
    }

    private async ValueTask<SessionEnd?> AnswerChunkAsync(SmtpCommand.Bdat chunk)
    {
        var intake = _chunked!;
        if (chunk.IsLast) await intake.EndAsync(_abort).ConfigureAwait(false);
        else if (intake.Reason is null)
        {
            return await ReplyAsync(new SmtpReply(250, "2.0.0", string.Create(CultureInfo.InvariantCulture, $"{chunk.Bytes} octets received")))
                .ConfigureAwait(false);
        }

        _chunked = null;
        _phase = chunk.IsLast ? SmtpPhase.Greeted : SmtpPhase.Chunks;
        return await FinishAsync(intake, chunk.Verb).ConfigureAwait(false);
    }

    private async ValueTask AbandonChunksAsync(MessageAbort reason)
    {
        if (_chunked is not { } intake) return;
        _chunked = null;
        await intake.AbortAsync(reason).ConfigureAwait(false);
        ReportFault(intake);
    }
}
