using System.Buffers;
using System.IO.Pipelines;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
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
    private readonly bool _acknowledgesQuickly;
    private readonly TimeProvider _time;
    private readonly WaitLimit _limit;
    private PipeReader _input;
    private SslStream? _tls;

    public SmtpWire(Socket socket, bool acknowledgesQuickly, TimeProvider time)
    {
        _socket = socket;
        _time = time;
        _limit = new WaitLimit(time);
        _acknowledgesQuickly = acknowledgesQuickly && OperatingSystem.IsLinux();
        (_input, Output) = Join(new NetworkStream(socket, ownsSocket: false));
    }

    /// <summary>What is written here goes out with the next flush.</summary>
    public PipeWriter Output { get; private set; }

    /// <summary>All that goes out and comes in is under TLS.</summary>
    public bool IsSecured => _tls is not null;

    /// <summary>
    /// Nothing has come that we did not ask for, the end of the stream included. Under TLS what came in one piece with the last reply may be
    /// missed; the next command then finds it.
    /// </summary>
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

    /// <summary>Puts TLS between us and the other side, which has just said 220 to STARTTLS.</summary>
    /// <exception cref="SmtpConversationException">No handshake, or the other side said more before it than it may.</exception>
    public async Task SecureAsync(SslClientAuthenticationOptions options, TimeSpan limit, CancellationToken cancellationToken)
    {
        const SmtpClientPhase Phase = SmtpClientPhase.StartTls;
        if (HasOctets)
        {
            // Whoever sits between us could have put them there, to be taken for what comes under TLS.
            throw new SmtpConversationException(Phase, SmtpBreak.Protocol, "octets in clear came behind the reply to STARTTLS");
        }

        using var deadline = new Deadline(limit, _time, cancellationToken);
        _tls = new SslStream(new NetworkStream(_socket, ownsSocket: false));
        try
        {
            await _tls.AuthenticateAsClientAsync(options, deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (deadline.HasPassed)
        {
            throw TimedOut(Phase, "did not end the TLS handshake", limit);
        }
        catch (AuthenticationException e)
        {
            throw new SmtpConversationException(Phase, SmtpBreak.Tls, $"TLS failed: {(e.InnerException ?? e).Message}", e);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            throw new SmtpConversationException(Phase, SmtpBreak.Closed, $"the connection broke in the TLS handshake: {e.Message}", e);
        }

        (_input, Output) = Join(_tls);
    }

    /// <exception cref="SmtpConversationException">The other side does not take it in time, or has gone.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask FlushAsync(SmtpClientPhase phase, TimeSpan limit, CancellationToken cancellationToken)
    {
        var token = _limit.Begin(limit, cancellationToken);
        try
        {
            await Output.FlushAsync(token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_limit.HasPassed)
        {
            throw TimedOut(phase, "took nothing", limit);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            throw new SmtpConversationException(phase, SmtpBreak.Closed, $"the connection broke: {e.Message}", e);
        }
        finally
        {
            _limit.End();
        }
    }

    /// <exception cref="SmtpConversationException">No reply in time, no reply at all, or something else than one.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<SmtpReply> ReadReplyAsync(SmtpClientPhase phase, TimeSpan limit, CancellationToken cancellationToken)
    {
        // Replies to pipelined commands most often come together.
        if (_input.TryRead(out var come) && TakeReply(come.Buffer, phase) is { } next) return next;
        var token = _limit.Begin(limit, cancellationToken);
        try
        {
            while (true)
            {
                AcknowledgeQuickly();
                var read = await _input.ReadAsync(token).ConfigureAwait(false);
                if (TakeReply(read.Buffer, phase) is { } reply) return reply;
                if (read.IsCompleted) throw new SmtpConversationException(phase, SmtpBreak.Closed, "the other side closed");
            }
        }
        catch (OperationCanceledException) when (_limit.HasPassed)
        {
            throw TimedOut(phase, "did not answer", limit);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            throw new SmtpConversationException(phase, SmtpBreak.Closed, $"the connection broke: {e.Message}", e);
        }
        finally
        {
            _limit.End();
        }
    }

    public void Dispose()
    {
        // The pipes are not completed: that would flush what is buffered to a peer that may take nothing.
        _socket.Dispose();
        _tls?.Dispose();
        _limit.Dispose();
    }

    /// <summary>More has come than was read.</summary>
    private bool HasOctets
    {
        get
        {
            if (!_input.TryRead(out var read)) return _socket.Available > 0;
            _input.AdvanceTo(read.Buffer.Start);
            return !read.Buffer.IsEmpty || _socket.Available > 0;
        }
    }

    private static (PipeReader Input, PipeWriter Output) Join(Stream stream) =>
        (PipeReader.Create(stream), PipeWriter.Create(stream, new StreamPipeWriterOptions(minimumBufferSize: WriteBufferBytes)));

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
