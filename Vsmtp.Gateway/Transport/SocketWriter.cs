using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Vsmtp.Gateway.Transport;

/// <summary>Gathers what is written and sends it with the next flush, on the same thread as long as the kernel takes it. Not thread-safe but for waking it.</summary>
/// <remarks>A flush that is woken leaves nobody knowing how much went out: from then on the peer counts as gone.</remarks>
internal sealed class SocketWriter(Socket socket) : PipeWriter, IDisposable
{
    private const int SmallBytes = 4 * 1024;

    private byte[] _buffer = [];
    private int _used;
    private bool _isGone;
    private CancellationTokenSource _wake = new();

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _used;

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return _buffer.AsMemory(_used);
    }

    public override Span<byte> GetSpan(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return _buffer.AsSpan(_used);
    }

    public override void Advance(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, _buffer.Length - _used);
        _used += bytes;
    }

    /// <param name="cancellationToken">Looked at before anything is sent. A flush under way is ended by waking it or by closing the socket.</param>
    /// <returns>Completed: the peer takes nothing any more.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var isWoken = false;
        // A wake-up that found no flush was for a read.
        if (_wake.IsCancellationRequested) _wake = new CancellationTokenSource();
        try
        {
            for (var sent = 0; sent < _used && !_isGone;)
                sent += await socket.SendAsync(_buffer.AsMemory(sent, _used - sent), SocketFlags.None, _wake.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            isWoken = _isGone = true;
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            _isGone = true;
        }

        _used = 0;
        return new FlushResult(isWoken, _isGone);
    }

    public override void CancelPendingFlush()
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

    public override void Complete(Exception? exception = null) => _isGone = true;

    /// <summary>Sends what is left, and tells the peer that no more comes.</summary>
    public override async ValueTask CompleteAsync(Exception? exception = null)
    {
        await FlushAsync().ConfigureAwait(false);
        _isGone = true;
        try
        {
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // It is gone already.
        }
    }

    /// <summary>Gives the buffer back; nothing is written any more.</summary>
    public void Dispose()
    {
        _wake.Dispose();
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        (_buffer, _used, _isGone) = ([], 0, true);
    }

    private void MakeRoom(int sizeHint)
    {
        if (_buffer.Length - _used >= Math.Max(1, sizeHint)) return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(SmallBytes, Math.Max(_buffer.Length * 2, _used + sizeHint)));
        _buffer.AsSpan(0, _used).CopyTo(larger);
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
