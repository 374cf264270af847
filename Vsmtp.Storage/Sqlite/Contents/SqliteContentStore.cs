using Microsoft.Extensions.Logging;
using Vsmtp.Contracts.Content;
using Vsmtp.Storage.Sqlite.Writing;

namespace Vsmtp.Storage.Sqlite.Contents;

/// <summary>Message bytes as rows: one blob for a small content, chunks for a larger one.</summary>
internal sealed class SqliteContentStore(
    GroupCommit writes, ReaderPool readers, StagedBytes staged, TimeProvider time, StoreIncarnation incarnation, ILogger<SqliteContentStore> log) : IContentStore
{
    public IContentStage Stage() => new ContentStage(writes, staged, time, incarnation, log);

    public async Task<Stream> OpenReadAsync(ContentId id, CancellationToken cancellationToken)
    {
        var (row, bytes) = await readers.ReadAsync(reader => Find(reader, id), cancellationToken).ConfigureAwait(false);
        return bytes is null ? new ChunkStream(readers, id, row) : new MemoryStream(bytes, writable: false);
    }

    private static (long Row, byte[]? Bytes) Find(SqliteSession reader, ContentId id)
    {
        using var row = reader.Use("SELECT id, bytes FROM content WHERE key = ? AND is_complete AND length = ?").With(id.Key).With(id.Length);
        if (!row.Step()) throw new ContentMissingException(id);
        return (row.Number(0), row.IsNull(1) ? null : row.Bytes(1).ToArray());
    }
}
