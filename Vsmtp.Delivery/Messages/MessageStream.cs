namespace Vsmtp.Delivery.Messages;

/// <summary>Octets in memory, in two parts, then the rest of a stream. Read-only, forward only; disposes the stream.</summary>
/// <remarks>A stream that ends before its <paramref name="restBytes"/> throws: half a message must not leave as a whole one.</remarks>
internal sealed class MessageStream(ReadOnlyMemory<byte> header, ReadOnlyMemory<byte> bodyFront, Stream rest, long restBytes) : Stream
{
    private ReadOnlyMemory<byte> _front = header.IsEmpty ? bodyFront : header;
    private ReadOnlyMemory<byte> _next = header.IsEmpty ? default : bodyFront;
    private long _restBytes = restBytes;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer) => _front.IsEmpty ? Count(rest.Read(buffer), buffer.Length) : TakeFront(buffer);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _front.IsEmpty
            ? Count(await rest.ReadAsync(buffer, cancellationToken).ConfigureAwait(false), buffer.Length)
            : TakeFront(buffer.Span);

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await rest.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) rest.Dispose();
        base.Dispose(disposing);
    }

    private int Count(int count, int wanted)
    {
        _restBytes -= count;
        return count == 0 && wanted > 0 && _restBytes > 0
            ? throw new EndOfStreamException($"The stored content lacks {_restBytes} octets.")
            : count;
    }

    private int TakeFront(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, _front.Length);
        _front.Span[..count].CopyTo(buffer);
        _front = _front[count..];
        if (_front.IsEmpty) (_front, _next) = (_next, default);
        return count;
    }
}
