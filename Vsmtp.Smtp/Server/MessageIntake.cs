using System.Buffers;
using Vsmtp.Smtp.Wire;

namespace Vsmtp.Smtp.Server;

/// <summary>Brings one message from the wire to its sink, and makes sure that the sink hears of one end.</summary>
/// <param name="sink">Where it goes.</param>
/// <param name="limits">What it may have.</param>
/// <param name="isChunked">It comes by BDAT: no dot is special, and <see cref="EndAsync"/> ends it.</param>
internal sealed class MessageIntake(IMessageSink sink, DataLimits limits, bool isChunked = false)
{
    private readonly DataDecoder _decoder = new(limits, isChunked);

    /// <summary>The final dot has been seen, or <see cref="EndAsync"/> was called.</summary>
    public bool IsComplete => _decoder.IsComplete;

    /// <summary>See <see cref="DataDecoder.IsEndDoubtful"/>.</summary>
    public bool IsEndDoubtful => _decoder.IsEndDoubtful;

    /// <summary>Why the sink was aborted; null while it is well.</summary>
    public MessageAbort? Reason { get; private set; }

    /// <summary>What the sink threw.</summary>
    public Exception? SinkFault { get; private set; }

    public long ContentBytes => _decoder.ContentBytes;

    /// <summary>Passes on what is content; of a message that has failed the rest is passed over.</summary>
    /// <returns>What is left of the input: all that comes behind the message's end.</returns>
    public async ValueTask<ReadOnlySequence<byte>> FeedAsync(ReadOnlySequence<byte> input, CancellationToken abort)
    {
        var used = 0L;
        foreach (var segment in input)
        {
            var rest = segment;
            while (!rest.IsEmpty && !_decoder.IsComplete)
            {
                var run = _decoder.Take(ref rest);
                if (_decoder.Fault != DataFault.None) await AbortAsync(ReasonOf(_decoder.Fault)).ConfigureAwait(false);
                if (Reason is null && !run.IsEmpty) await WriteAsync(run, abort).ConfigureAwait(false);
            }

            used += segment.Length - rest.Length;
            if (_decoder.IsComplete) break;
        }

        return input.Slice(used);
    }

    /// <summary>All octets of a chunked message are here.</summary>
    public async ValueTask EndAsync(CancellationToken abort)
    {
        var rest = _decoder.End();
        if (_decoder.Fault != DataFault.None) await AbortAsync(ReasonOf(_decoder.Fault)).ConfigureAwait(false);
        if (Reason is null && !rest.IsEmpty) await WriteAsync(rest, abort).ConfigureAwait(false);
    }

    /// <returns>Null when the sink failed.</returns>
    public async ValueTask<SessionVerdict?> CompleteAsync(CancellationToken abort)
    {
        try
        {
            return await sink.CompleteAsync(abort).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            await FailAsync(fault).ConfigureAwait(false);
            // With the connection gone there is nobody to answer.
            abort.ThrowIfCancellationRequested();
            return null;
        }
    }

    /// <summary>Tells the sink, the first time.</summary>
    public async ValueTask AbortAsync(MessageAbort reason)
    {
        if (Reason is not null) return;
        Reason = reason;
        try
        {
            await sink.AbortAsync(reason).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            SinkFault ??= fault;
        }
    }

    private async ValueTask WriteAsync(ReadOnlyMemory<byte> run, CancellationToken abort)
    {
        try
        {
            await sink.WriteAsync(run, abort).ConfigureAwait(false);
        }
        catch (Exception fault) when (!abort.IsCancellationRequested)
        {
            await FailAsync(fault).ConfigureAwait(false);
        }
    }

    private ValueTask FailAsync(Exception fault)
    {
        SinkFault = fault;
        return AbortAsync(MessageAbort.SinkFailed);
    }

    private static MessageAbort ReasonOf(DataFault fault) => fault switch
    {
        DataFault.LineTooLong => MessageAbort.LineTooLong,
        DataFault.HeaderTooBig => MessageAbort.HeaderTooBig,
        DataFault.MessageTooBig => MessageAbort.TooBig,
        _ => MessageAbort.BadContent,
    };
}
