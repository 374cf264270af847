using System.Buffers;
using Vsmtp.Contracts.Content;

namespace Vsmtp.Storage.Contents;

/// <summary>Reads a content a chunk at a time. Between two chunks it holds no session: a slow reader holds nothing back.</summary>
/// <param name="content">Which; it ends after so many octets.</param>
/// <param name="readChunk">Copies the chunk of this number into the array; null where it is gone.</param>
internal sealed class ChunkStream(ContentId content, Func<long, byte[], CancellationToken, Task<int?>> readChunk) : Stream
{
    private byte[] _chunk = [];
    private int _used;
    private int _taken;
    private long _next;
    private long _read;
    private bool _isDisposed;

    public override bool CanRead => !_isDisposed;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="ContentMissingException">It was deleted while it was read.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (buffer.IsEmpty || _read == content.Length) return 0;
        if (_taken == _used) await FillAsync(cancellationToken).ConfigureAwait(false);
        var count = Math.Min(buffer.Length, _used - _taken);
        _chunk.AsSpan(_taken, count).CopyTo(buffer.Span);
        _taken += count;
        _read += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("Contents are read asynchronously.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (!_isDisposed && _chunk.Length > 0) ArrayPool<byte>.Shared.Return(_chunk);
        _isDisposed = true;
        base.Dispose(disposing);
    }

    private async Task FillAsync(CancellationToken cancellationToken)
    {
        if (_chunk.Length == 0) _chunk = ArrayPool<byte>.Shared.Rent(ContentStage.ChunkBytes);
        _used = await readChunk(_next, _chunk, cancellationToken).ConfigureAwait(false) ?? throw new ContentMissingException(content);
        _taken = 0;
        _next++;
    }
}
