using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Vsmtp.Smtp.Replies;

namespace Vsmtp.Smtp.Client;

/// <summary>A connected socket as lines out and replies in, each within its time. Not thread-safe.</summary>
internal sealed class SmtpWire : IDisposable
{
    private const int MaxReplyBytes = 16 * 1024;
    private const int MaxReplyLines = 128;
    private const int WriteBufferBytes = 64 * 1024;
    private const int TcpLevel = 6;
    private const int TcpQuickAck = 12;

    private static readonly byte[] On = [1, 0, 0, 0];

    private readonly Socket _socket;
    private readonly PipeReader _input;
    private readonly bool _acknowledgesQuickly;
    private readonly TimeProvider _time;

    public SmtpWire(Socket socket, bool acknowledgesQuickly, TimeProvider time)
    {
        _socket = socket;
        _time = time;
        _acknowledgesQuickly = acknowledgesQuickly && OperatingSystem.IsLinux();
        var stream = new NetworkStream(socket, ownsSocket: true);
        _input = PipeReader.Create(stream);
        Output = PipeWriter.Create(stream, new StreamPipeWriterOptions(minimumBufferSize: WriteBufferBytes));
    }

    /// <summary>What is written here goes out with the next flush.</summary>
    public PipeWriter Output { get; }

    /// <summary>Nothing has come that we did not ask for, the end of the stream included.</summary>
    public bool IsQuiet
    {
        get
        {
            if (_input.TryRead(out var read))
            {
                _input.AdvanceTo(read.Buffer.Start);
                return false;
            }

            return !_socket.Poll(TimeSpan.Zero, SelectMode.SelectRead);
        }
    }

    /// <exception cref="SmtpConversationException">The other side does not take it in time, or has gone.</exception>
    public async ValueTask FlushAsync(SmtpClientPhase phase, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var deadline = new Deadline(limit, _time, cancellationToken);
        try
        {
            await Output.FlushAsync(deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (deadline.HasPassed)
        {
            throw TimedOut(phase, "took nothing", limit);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            throw new SmtpConversationException(phase, SmtpBreak.Closed, $"the connection broke: {e.Message}", e);
        }
    }

    /// <exception cref="SmtpConversationException">No reply in time, no reply at all, or something else than one.</exception>
    public async ValueTask<SmtpReply> ReadReplyAsync(SmtpClientPhase phase, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var deadline = new Deadline(limit, _time, cancellationToken);
        try
        {
            while (true)
            {
                AcknowledgeQuickly();
                var read = await _input.ReadAsync(deadline.Token).ConfigureAwait(false);
                if (TakeReply(read.Buffer, phase) is { } reply) return reply;
                if (read.IsCompleted) throw new SmtpConversationException(phase, SmtpBreak.Closed, "the other side closed");
            }
        }
        catch (OperationCanceledException) when (deadline.HasPassed)
        {
            throw TimedOut(phase, "did not answer", limit);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            throw new SmtpConversationException(phase, SmtpBreak.Closed, $"the connection broke: {e.Message}", e);
        }
    }

    public void Dispose()
    {
        // The pipes are not completed: that would flush what is buffered to a peer that may take nothing.
        _socket.Dispose();
    }

    private SmtpReply? TakeReply(ReadOnlySequence<byte> buffer, SmtpClientPhase phase)
    {
        var rest = buffer;
        var found = SmtpReplyParser.TryRead(ref rest, out var reply);
        if (found == ReplyReadResult.Malformed)
        {
            throw new SmtpConversationException(phase, SmtpBreak.Protocol, "what came is no SMTP reply");
        }

        if (found == ReplyReadResult.Incomplete ? IsTooLong(buffer) : reply!.Lines.Length > MaxReplyLines)
        {
            throw new SmtpConversationException(phase, SmtpBreak.Protocol, "the reply has no end");
        }

        // What lies behind a reply is the next one: it counts as not yet looked at, or a read would wait for more.
        _input.AdvanceTo(rest.Start, reply is null ? buffer.End : rest.Start);
        return reply;
    }

    private static bool IsTooLong(ReadOnlySequence<byte> buffer)
    {
        if (buffer.Length > MaxReplyBytes) return true;
        var reader = new SequenceReader<byte>(buffer);
        var lines = 0;
        while (lines <= MaxReplyLines && reader.TryAdvanceTo((byte)'\n')) lines++;
        return lines > MaxReplyLines;
    }

    /// <summary>Linux forgets the option with each receive (delegates.md §4 has the figures).</summary>
    private void AcknowledgeQuickly()
    {
        if (_acknowledgesQuickly) _socket.SetRawSocketOption(TcpLevel, TcpQuickAck, On);
    }

    private static SmtpConversationException TimedOut(SmtpClientPhase phase, string what, TimeSpan limit) =>
        new(phase, SmtpBreak.TimedOut, $"the other side {what} within {limit.TotalSeconds:0.###} s");
}
