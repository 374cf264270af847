using System.Buffers;
using Vsmtp.Mail.Transfer;
using Vsmtp.Smtp.Replies;

namespace Vsmtp.Smtp.Client;

public sealed partial class SmtpClientConnection
{
    private const int ChunkBytes = 32 * 1024;

    /// <summary>RCPT commands in one write: their replies must fit into what the two kernels buffer (RFC 2920 §3.1).</summary>
    private const int MaxGroupedRecipients = 100;

    /// <summary>Sends one mail. When it returns, the connection is ready for the next or not <see cref="IsUsable"/>.</summary>
    /// <exception cref="SmtpConversationException">The conversation broke; the connection is closed.</exception>
    /// <exception cref="ArgumentException">The envelope has what no command line can carry.</exception>
    /// <remarks>What reading the content throws comes through as it is; the connection is then closed without the final dot.</remarks>
    public async Task<SmtpSendResult> SendAsync(SmtpTransaction transaction, CancellationToken cancellationToken)
    {
        var progress = new SmtpProgress(transaction.Recipients.Length);
        if (Refuse(transaction) is { } refusal)
        {
            progress.DecideAll(SmtpClientPhase.Capabilities, refusal);
            return progress.ToResult(this);
        }

        try
        {
            var refused = await TellOriginAsync(transaction.Origin, cancellationToken).ConfigureAwait(false);
            if (_isBroken) progress.DecideAll(SmtpClientPhase.XForward, refused!);
            else await ConverseAsync(transaction, progress, cancellationToken).ConfigureAwait(false);
            if (progress.IsOpen) await ResetAsync(cancellationToken).ConfigureAwait(false);
            return progress.ToResult(this) with { XForwardRefusal = refused };
        }
        catch
        {
            _isBroken = true;
            throw;
        }
        finally
        {
            if (_isBroken) _wire.Dispose();
        }
    }

    private Task ConverseAsync(SmtpTransaction transaction, SmtpProgress progress, CancellationToken cancellationToken) =>
        _options is { AllowsPipelining: true, AllRecipientsOrNone: false } && Capabilities.Pipelining
            ? ConverseInGroupsAsync(transaction, progress, cancellationToken)
            : ConverseInTurnAsync(transaction, progress, cancellationToken);

    private async Task ConverseInTurnAsync(SmtpTransaction transaction, SmtpProgress progress, CancellationToken cancellationToken)
    {
        SmtpCommandLines.WriteMail(_wire.Output, transaction, Capabilities);
        if (!progress.TakeMail(await AnswerAsync(SmtpClientPhase.Mail, cancellationToken).ConfigureAwait(false))) return;

        for (var i = 0; i < transaction.Recipients.Length; i++)
        {
            SmtpCommandLines.WriteRcpt(_wire.Output, transaction.Recipients[i], Capabilities, transaction.IsUtf8);
            var reply = await AnswerAsync(SmtpClientPhase.Rcpt, cancellationToken).ConfigureAwait(false);
            if (progress.TakeRcpt(i, reply)) continue;
            if (_options.AllRecipientsOrNone) progress.DecideAll(SmtpClientPhase.Rcpt, reply);
            if (_options.AllRecipientsOrNone || _isBroken) return;
        }

        if (!progress.HasRecipients) return;
        var data = await AskAsync("DATA", SmtpClientPhase.Data, _options.Timeouts.DataStart, cancellationToken).ConfigureAwait(false);
        if (progress.TakeData(data)) await SendContentAsync(transaction.Content, progress, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>RFC 2920 §3.1: DATA may be the last of a group; all replies of a group are read before anything else is sent.</summary>
    private async Task ConverseInGroupsAsync(SmtpTransaction transaction, SmtpProgress progress, CancellationToken cancellationToken)
    {
        var total = transaction.Recipients.Length;
        SmtpCommandLines.WriteMail(_wire.Output, transaction, Capabilities);
        for (var start = 0; start < total; start += MaxGroupedRecipients)
        {
            var end = Math.Min(start + MaxGroupedRecipients, total);
            for (var i = start; i < end; i++) SmtpCommandLines.WriteRcpt(_wire.Output, transaction.Recipients[i], Capabilities, transaction.IsUtf8);
            if (end == total) SmtpCommandLines.Write(_wire.Output, "DATA");
            var phase = start == 0 ? SmtpClientPhase.Mail : SmtpClientPhase.Rcpt;
            await FlushAsync(phase, _options.Timeouts.Command, cancellationToken).ConfigureAwait(false);

            if (start == 0) progress.TakeMail(await ReadAsync(SmtpClientPhase.Mail, cancellationToken).ConfigureAwait(false));
            for (var i = start; i < end && !_isBroken; i++)
            {
                progress.TakeRcpt(i, await ReadAsync(SmtpClientPhase.Rcpt, cancellationToken).ConfigureAwait(false));
            }

            if (_isBroken || (end < total && !progress.IsOpen)) return;
        }

        var data = await ReadAsync(SmtpClientPhase.Data, _options.Timeouts.DataStart, cancellationToken).ConfigureAwait(false);
        if (!progress.TakeData(data)) return;
        // RFC 2920 §3.1: a server may say 354 though it took no recipient; it then gets an empty message.
        var content = progress.HasRecipients ? transaction.Content : Stream.Null;
        await SendContentAsync(content, progress, cancellationToken).ConfigureAwait(false);
    }

    private async Task SendContentAsync(Stream content, SmtpProgress progress, CancellationToken cancellationToken)
    {
        // Broken until the dot is answered: whatever stops us in between must not let the next command be taken for content.
        _isBroken = true;
        var limit = _options.Timeouts.DataChunk;
        var chunk = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            var stuffer = new DotStuffer();
            int count;
            while ((count = await content.ReadAsync(chunk, cancellationToken).ConfigureAwait(false)) > 0)
            {
                stuffer.Write(chunk.AsSpan(0, count), _wire.Output);
                if (_wire.Output.UnflushedBytes < ChunkBytes) continue;
                await _wire.FlushAsync(SmtpClientPhase.Content, limit, cancellationToken).ConfigureAwait(false);
            }

            stuffer.Complete(_wire.Output);
            await _wire.FlushAsync(SmtpClientPhase.Content, limit, cancellationToken).ConfigureAwait(false);
        }
        catch (SmtpConversationException e) when (e.Reason == SmtpBreak.Closed)
        {
            await TakeLastWordAsync(progress, e, cancellationToken).ConfigureAwait(false);
            return;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }

        _isBroken = false;
        if (_options.Protocol == TransferProtocol.Lmtp) await TakeEndsAsync(progress, cancellationToken).ConfigureAwait(false);
        else progress.TakeEnd(await ReadEndAsync(cancellationToken).ConfigureAwait(false));
    }

    /// <summary>RFC 2033 §4.2: one reply for each recipient that was taken, in their order.</summary>
    private async Task TakeEndsAsync(SmtpProgress progress, CancellationToken cancellationToken)
    {
        var open = progress.BeginEnds();
        // To a message that nobody was to get, a server may answer or not: nobody knows what the next reply would be to.
        _isBroken = open.IsEmpty;
        foreach (var index in open)
        {
            try
            {
                progress.TakeEnd(index, await ReadEndAsync(cancellationToken).ConfigureAwait(false));
            }
            catch (SmtpConversationException e) when (index != open[0])
            {
                // What was answered before holds: those recipients have the mail, or not, whatever becomes of the others.
                progress.DecideOpen(SmtpClientPhase.EndOfData, new SmtpReply(451, "4.4.2", $"No answer for this recipient: {e.Message}"));
                _isBroken = true;
            }

            if (_isBroken) return;
        }
    }

    private ValueTask<SmtpReply> ReadEndAsync(CancellationToken cancellationToken) =>
        ReadAsync(SmtpClientPhase.EndOfData, _options.Timeouts.DataEnd, cancellationToken);

    /// <summary>A server that closed amid the message may have said why. Only a refusal counts: it has not seen the whole.</summary>
    private async Task TakeLastWordAsync(SmtpProgress progress, SmtpConversationException cause, CancellationToken cancellationToken)
    {
        try
        {
            var reply = await _wire.ReadReplyAsync(SmtpClientPhase.Content, Farewell, cancellationToken).ConfigureAwait(false);
            if (!reply.IsNegative) throw cause;
            progress.TakeEnd(reply);
        }
        catch (SmtpConversationException)
        {
            throw cause;
        }
    }

    /// <summary>Without RSET the server would answer the next MAIL with 503. The mail's result does not hang on it.</summary>
    private async Task ResetAsync(CancellationToken cancellationToken)
    {
        if (_isBroken) return;
        var limit = _options.Timeouts.Command < Patience ? _options.Timeouts.Command : Patience;
        try
        {
            var reply = await AskAsync("RSET", SmtpClientPhase.Reset, limit, cancellationToken).ConfigureAwait(false);
            _isBroken |= !reply.IsPositive;
        }
        catch (SmtpConversationException)
        {
            // The connection is marked as broken; that is all there is to know.
        }
    }

    private async ValueTask<SmtpReply> AnswerAsync(SmtpClientPhase phase, CancellationToken cancellationToken)
    {
        await FlushAsync(phase, _options.Timeouts.Command, cancellationToken).ConfigureAwait(false);
        return await ReadAsync(phase, cancellationToken).ConfigureAwait(false);
    }

    private ValueTask<SmtpReply> ReadAsync(SmtpClientPhase phase, CancellationToken cancellationToken) =>
        ReadAsync(phase, _options.Timeouts.Command, cancellationToken);

    /// <summary>What the server, by its own announcement, would not take.</summary>
    private SmtpReply? Refuse(SmtpTransaction transaction)
    {
        if (transaction.RequiresTls && !IsSecured)
        {
            // Another server may have it, or this one later (RFC 3463 §3.8: X.7.0).
            return new SmtpReply(451, "4.7.0", "The sender's mail leaves under TLS only and the next server has none that works");
        }

        if (transaction.Is8Bit && !Capabilities.EightBitMime && !_options.SendsUnannounced8Bit)
        {
            // RFC 6152 §3: convert or refuse. Our bytes are kept, so refuse (RFC 3463 §3.7: 5.6.3).
            return new SmtpReply(554, "5.6.3", "The message has 8-bit content and the next server does not take it");
        }

        if (transaction.IsUtf8 && !Capabilities.SmtpUtf8)
        {
            // RFC 6531 §3.2: such a message must not be sent to it (§4.2: 5.6.7 goes with 550).
            return new SmtpReply(550, "5.6.7", "The message needs SMTPUTF8 and the next server does not have it");
        }

        // RFC 1870 §7: a client may see for itself that the server would refuse.
        return transaction.Bytes > Capabilities.MaxBytes
            ? new SmtpReply(552, "5.3.4", $"The message has {transaction.Bytes} octets, the next server takes {Capabilities.MaxBytes}")
            : null;
    }
}
