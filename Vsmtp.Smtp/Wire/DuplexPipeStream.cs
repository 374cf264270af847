using System.Buffers;
using System.IO.Pipelines;

namespace Vsmtp.Smtp.Wire;

/// <summary>A pipe as the stream that <see cref="System.Net.Security.SslStream"/> lies on.</summary>
/// <remarks>
/// Whatever is written goes out at once; nothing is read ahead. Whoever wakes the pipe's read or flush by mistake is not noticed: only the
/// token ends a wait. Does not own the pipe.
/// </remarks>
internal sealed class DuplexPipeStream(IDuplexPipe pipe) : Stream
{
    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <param name="buffer">Empty: waits until there is something to read, and takes nothing.</param>
    /// <param name="cancellationToken">Ends the wait; no octet is lost by that.</param>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var read = await pipe.Input.ReadAsync(cancellationToken).ConfigureAwait(false);
            var taken = read.Buffer.Slice(0, Math.Min(buffer.Length, read.Buffer.Length));
            taken.CopyTo(buffer.Span);
            var (bytes, isReady) = ((int)taken.Length, !read.Buffer.IsEmpty || read.IsCompleted);
            // What is left was looked at by nobody: the next read is to find it.
            pipe.Input.AdvanceTo(taken.End);
            if (isReady) return bytes;
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <exception cref="IOException">The peer takes nothing any more.</exception>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        pipe.Output.Write(buffer.Span);
        using var waking = cancellationToken.UnsafeRegister(static output => ((PipeWriter)output!).CancelPendingFlush(), pipe.Output);
        while (true)
        {
            var flush = await pipe.Output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
            if (flush.IsCanceled) cancellationToken.ThrowIfCancellationRequested();
            if (flush.IsCompleted) throw new IOException("The peer takes nothing any more.");
            if (!flush.IsCanceled) return;
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
