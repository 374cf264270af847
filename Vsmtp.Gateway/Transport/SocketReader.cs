using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Vsmtp.Gateway.Transport;

/// <summary>Reads from a socket when it is asked to and not before, on the thread that the bytes come on. Not thread-safe but for waking it.</summary>
/// <remarks>
/// That it never reads ahead is what makes pacing work: what a service writes line by line gathers in the kernel while its receiver waits.
/// </remarks>
internal sealed class SocketReader(Socket socket, CancellationToken closed) : PipeReader, IDisposable
{
    /// <summary>What an idle connection holds.</summary>
    private const int SmallBytes = 4 * 1024;

    /// <summary>What one takes that fills a small one.</summary>
    private const int LargeBytes = 64 * 1024;

    /// <summary>Who reads uses up what it gets: so much not used up is a mistake of ours.</summary>
    private const int MostBytes = 1024 * 1024;

    private const int LeastRoom = 1024;

    private byte[] _buffer = [];
    private int _start;      // from here on it is not used up
    private int _examined;   // from here on nobody has looked at it
    private int _end;
    private int _lastRead;
    private bool _wasFilled;
    private bool _isCompleted;
    private CancellationTokenSource _wake = new();

    public override bool TryRead(out ReadResult result)
    {
        var isWoken = _wake.IsCancellationRequested;
        if (isWoken) _wake = new CancellationTokenSource();
        var isReady = isWoken || _examined < _end || _isCompleted;
        result = isReady ? Result(isWoken) : default;
        return isReady;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (TryRead(out var ready)) return ready;
        MakeRoom();
        // The token of the closed connection needs no registration: the socket is closed with it.
        var registration = cancellationToken == closed ? default : cancellationToken.UnsafeRegister(static reader => ((SocketReader)reader!).Wake(), this);
        try
        {
            var room = _buffer.Length - _end;
            _lastRead = await socket.ReceiveAsync(_buffer.AsMemory(_end), SocketFlags.None, _wake.Token).ConfigureAwait(false);
            _wasFilled = _lastRead == room;
            _isCompleted = _lastRead == 0;
            _end += _lastRead;
            return Result(isCanceled: false);
        }
        catch (OperationCanceledException)
        {
            _wake = new CancellationTokenSource();
            cancellationToken.ThrowIfCancellationRequested();
            return Result(isCanceled: true);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            closed.ThrowIfCancellationRequested();
            throw new IOException(gone.Message, gone);
        }
        finally
        {
            registration.Dispose();
        }
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        (_start, _examined) = (consumed.GetInteger(), examined.GetInteger());
        if (_start == _end) _start = _examined = _end = 0;
    }

    public override void CancelPendingRead() => Wake();

    public override void Complete(Exception? exception = null) => _isCompleted = true;

    /// <summary>Gives the buffer back; nothing is being read any more, and nothing that was read is looked at.</summary>
    public void Dispose()
    {
        _wake.Dispose();
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        (_buffer, _start, _examined, _end, _isCompleted) = ([], 0, 0, 0, true);
    }

    private void Wake()
    {
        try
        {
            Volatile.Read(ref _wake).Cancel();
        }
        catch (ObjectDisposedException)
        {
            // A wake-up that comes too late.
        }
    }

    private ReadResult Result(bool isCanceled) =>
        new(new ReadOnlySequence<byte>(_buffer, _start, _end - _start), isCanceled, _isCompleted);

    private void MakeRoom()
    {
        var held = _end - _start;
        if (held == 0 && _buffer.Length > 0)
        {
            if (_wasFilled && _buffer.Length < LargeBytes) Exchange(LargeBytes);
            else if (_lastRead < SmallBytes && _buffer.Length > SmallBytes) Exchange(SmallBytes);
        }
        else if (_buffer.Length - _end < LeastRoom)
        {
            if (held > MostBytes - LeastRoom) throw new InvalidOperationException("More was read than anybody uses up.");
            Exchange(Math.Max(SmallBytes, held + LeastRoom > _buffer.Length ? _buffer.Length * 2 : _buffer.Length));
        }
    }

    /// <summary>Moves what is held to the start of another buffer, or of this one.</summary>
    private void Exchange(int bytes)
    {
        var next = bytes == _buffer.Length ? _buffer : ArrayPool<byte>.Shared.Rent(bytes);
        _buffer.AsSpan(_start, _end - _start).CopyTo(next);
        if (next != _buffer && _buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        (_buffer, _start, _examined, _end) = (next, 0, _examined - _start, _end - _start);
    }
}
