using System.Buffers;
using System.Collections.Immutable;
using System.Data.Common;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Vsmtp.Contracts.Content;

namespace Vsmtp.Storage.Contents;

/// <summary>A message on its way in: in memory while it is small, else chunk by chunk in the store.</summary>
internal sealed partial class ContentStage(IStagedRows rows, StagedBytes staged, ILogger log) : IContentStage
{
    /// <summary>One row of content_chunk; large enough that a sync per chunk does not slow a peer down.</summary>
    public const int ChunkBytes = 256 * 1024;

    private const int FirstBufferBytes = 8 * 1024;

    private readonly string _key = RandomNumberGenerator.GetHexString(32, lowercase: true);
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private byte[] _buffer = [];
    private int _used;
    private long? _row;
    private long _chunks;
    private bool _is8Bit;
    private bool _isOpen = true;
    private bool _isCounted = true;
    private bool _isDisposed;

    public long Length { get; private set; }

    // A rented array may be longer than asked for; a chunk is not.
    private int Capacity => Math.Min(_buffer.Length, ChunkBytes);

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        ThrowUnlessOpen();
        await staged.TakeAsync(bytes.Length, cancellationToken).ConfigureAwait(false);
        Length += bytes.Length;
        _hash.AppendData(bytes.Span);
        _is8Bit = _is8Bit || !Ascii.IsValid(bytes.Span);
        while (!bytes.IsEmpty)
        {
            if (_used == Capacity) await MakeRoomAsync(cancellationToken).ConfigureAwait(false);
            var part = bytes[..Math.Min(bytes.Length, Capacity - _used)];
            part.Span.CopyTo(_buffer.AsSpan(_used));
            _used += part.Length;
            bytes = bytes[part.Length..];
        }
    }

    public async Task<StagedContent> CompleteAsync(CancellationToken cancellationToken)
    {
        ThrowUnlessOpen();
        var id = new ContentId(_key, Length, Convert.ToHexStringLower(_hash.GetHashAndReset()), _is8Bit);
        if (Length <= ContentId.MaxInlineBytes)
        {
            _isOpen = false;
            return new StagedContent(id, ImmutableCollectionsMarshal.AsImmutableArray(_buffer[.._used]));
        }

        await WriteChunkAsync(id, cancellationToken).ConfigureAwait(false);
        _isOpen = false;
        _isCounted = false;
        staged.Complete(Length);
        return new StagedContent(id, default);
    }

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        _hash.Dispose();
        Return(_buffer);
        if (!_isCounted) return;
        if (_row is not null && !await TryDeleteAsync().ConfigureAwait(false)) return;
        staged.Release(Length);
    }

    private async Task MakeRoomAsync(CancellationToken cancellationToken)
    {
        if (_used == ChunkBytes)
        {
            await WriteChunkAsync(completed: null, cancellationToken).ConfigureAwait(false);
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Clamp(_used * 4, FirstBufferBytes, ChunkBytes));
        _buffer.AsSpan(0, _used).CopyTo(larger);
        Return(_buffer);
        _buffer = larger;
    }

    /// <summary>Moves the buffer to the store; with its end when that is known.</summary>
    private async Task WriteChunkAsync(ContentId? completed, CancellationToken cancellationToken)
    {
        // Until the store has answered, nobody knows what it has: a stage whose write failed takes no more.
        _isOpen = false;
        _row = await rows
            .WriteAsync(new StagedChunk(_key, _row, _chunks, _buffer.AsMemory(0, _used), completed), cancellationToken)
            .ConfigureAwait(false);
        _chunks++;
        _used = 0;
        _isOpen = true;
    }

    /// <summary>False: the rows stay, and go on counting, until the collector of a later process finds them.</summary>
    private async Task<bool> TryDeleteAsync()
    {
        try
        {
            await rows.DeleteAsync(_key).ConfigureAwait(false);
            return true;
        }
        catch (Exception fault) when (
            fault is DbException or StoreFullException or StoreUnusableException or ObjectDisposedException)
        {
            LogStageNotRemoved(fault, _key);
            return false;
        }
    }

    private void ThrowUnlessOpen()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (!_isOpen) throw new InvalidOperationException("This stage is completed, or a write of it failed.");
    }

    private static void Return(byte[] buffer)
    {
        if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer);
    }

    [LoggerMessage(EventId = StoreEvents.StageNotRemoved, Level = LogLevel.Warning,
        Message = "The abandoned content {Key} could not be removed now; it will be collected after a restart")]
    private partial void LogStageNotRemoved(Exception fault, string key);
}
