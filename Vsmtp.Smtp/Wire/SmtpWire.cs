using System.Buffers;
using System.IO.Pipelines;
using System.Net.Security;
using System.Runtime.CompilerServices;

namespace Vsmtp.Smtp.Wire;

/// <summary>The connection of a session: every wait on it has a time limit, and ends when the server stops.</summary>
/// <remarks>
/// One timer wakes a pending read or flush; what woke it is told by the clock and the token, so that a wake-up that comes late,
/// into the next wait, is nothing. Bytes in <see cref="Buffer"/> have arrived and are not used up.
/// </remarks>
internal sealed class SmtpWire : IDisposable
{
    private IDuplexPipe _pipe;
    private TlsPipe? _tls;
    private readonly IReadPacing? _pacing;
    private readonly TimeProvider _time;
    private readonly CancellationToken _shutdown;
    private readonly ITimer _timer;
    private readonly CancellationTokenRegistration _shutdownRegistration;
    private long _endsAt = long.MaxValue;   // of the present wait, by the time stamps of the clock
    private volatile bool _isFlushing;
    private bool _hasBuffer;
    private bool _isInputComplete;

    public SmtpWire(IDuplexPipe pipe, IReadPacing? pacing, TimeProvider time, CancellationToken shutdown)
    {
        (_pipe, _pacing, _time, _shutdown) = (pipe, pacing, time, shutdown);
        _timer = time.CreateTimer(
            static wire => ((SmtpWire)wire!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _shutdownRegistration = shutdown.UnsafeRegister(static wire => ((SmtpWire)wire!)._pipe.Input.CancelPendingRead(), this);
    }

    /// <summary>What has arrived and is not used up. Assign what is left before the next read.</summary>
    public ReadOnlySequence<byte> Buffer { get; set; }

    public IBufferWriter<byte> Output => _pipe.Output;

    /// <summary>Octets in <see cref="Output"/> that were not flushed.</summary>
    public long UnsentBytes => _pipe.Output.UnflushedBytes;

    /// <summary>Waits for bytes that are not in <see cref="Buffer"/> yet.</summary>
    /// <param name="deadline">When to give up.</param>
    /// <param name="inData">A message is being read: the server's stop does not end the wait.</param>
    /// <exception cref="OperationCanceledException">The connection was aborted.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<WireRead> ReadAsync(Deadline deadline, bool inData, CancellationToken abort)
    {
        Release();
        if (_isInputComplete) return WireRead.EndOfInput;
        if (_pacing is not null) await _pacing.BeforeReadAsync(inData, abort).ConfigureAwait(false);
        while (true)
        {
            Arm(deadline);
            var result = await _pipe.Input.ReadAsync(abort).ConfigureAwait(false);
            Disarm();
            Buffer = result.Buffer;
            _hasBuffer = true;
            _isInputComplete = result.IsCompleted;
            if (!result.IsCanceled) return result.IsCompleted && Buffer.IsEmpty ? WireRead.EndOfInput : WireRead.Bytes;
            if (!inData && _shutdown.IsCancellationRequested) return WireRead.Shutdown;
            if (deadline.IsOver) return WireRead.TimedOut;
            // A wake-up meant for an earlier wait. What came with it was looked at by nobody yet.
            if (!Buffer.IsEmpty) return WireRead.Bytes;
            Release();
        }
    }

    /// <returns>False when the client does not take what is written.</returns>
    /// <exception cref="OperationCanceledException">The connection was aborted.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> FlushAsync(TimeSpan timeout, CancellationToken abort)
    {
        var deadline = new Deadline(_time, timeout);
        while (true)
        {
            _isFlushing = true;
            Arm(deadline);
            var result = await _pipe.Output.FlushAsync(abort).ConfigureAwait(false);
            Disarm();
            _isFlushing = false;
            if (!result.IsCanceled) return !result.IsCompleted;
            // Half a record may have gone out, behind which nothing can be understood.
            if (deadline.IsOver || _tls is not null) return false;
        }
    }

    /// <summary>Puts TLS between us and the client. Nothing may be in <see cref="Buffer"/>, and nothing unsent.</summary>
    /// <returns>What was agreed on.</returns>
    /// <exception cref="System.Security.Authentication.AuthenticationException">Nothing was agreed on.</exception>
    /// <exception cref="IOException">The client is gone, or speaks no TLS.</exception>
    /// <exception cref="OperationCanceledException">The token ended it.</exception>
    public async ValueTask<SslStream> SecureAsync(ServerOptionsSelectionCallback optionsFor, CancellationToken cancellationToken)
    {
        Release();
        var tls = new TlsPipe(_pipe);
        try
        {
            await tls.AcceptAsync(optionsFor, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            tls.Dispose();
            throw;
        }

        _pipe = _tls = tls;
        return tls.Agreed;
    }

    /// <summary>Ends TLS, where there is some, before the connection is closed.</summary>
    /// <param name="isLost">There is nobody to tell.</param>
    public async ValueTask CloseAsync(bool isLost, TimeSpan limit)
    {
        if (_tls is not { } tls) return;
        Release();
        if (!isLost) await tls.SayGoodbyeAsync(limit, _time).ConfigureAwait(false);
        tls.Dispose();
    }

    public void Dispose()
    {
        _shutdownRegistration.Dispose();
        _timer.Dispose();
        Release();
    }

    /// <summary>Gives the pipe back what was used up; all that is left was looked at.</summary>
    private void Release()
    {
        if (!_hasBuffer) return;
        _hasBuffer = false;
        _pipe.Input.AdvanceTo(Buffer.Start, Buffer.End);
        Buffer = default;
    }

    private void Arm(Deadline deadline)
    {
        Volatile.Write(ref _endsAt, deadline.EndsAt);
        _timer.Change(deadline.Left, Timeout.InfiniteTimeSpan);
    }

    private void Disarm() => _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    private void Wake()
    {
        // Of an earlier wait, or a little too soon: a flush that is woken without need would cost the client its connection.
        var left = Volatile.Read(ref _endsAt) - _time.GetTimestamp();
        if (left > 0)
        {
            _timer.Change(TimeSpan.FromMilliseconds(1) + TimeSpan.FromSeconds((double)left / _time.TimestampFrequency), Timeout.InfiniteTimeSpan);
            return;
        }

        // A flush that is woken before it begins would be lost under TLS.
        if (_isFlushing) _pipe.Output.CancelPendingFlush();
        else _pipe.Input.CancelPendingRead();
    }
}
