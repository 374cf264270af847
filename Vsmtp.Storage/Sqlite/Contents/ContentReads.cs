using Vsmtp.Contracts.Content;
using Vsmtp.Storage.Contents;

namespace Vsmtp.Storage.Sqlite.Contents;

/// <summary>Opens contents.</summary>
internal static class ContentReads
{
    /// <exception cref="ContentMissingException">It is not there, or not complete.</exception>
    public static async Task<Stream> OpenAsync(ReaderPool readers, ContentId id, CancellationToken cancellationToken)
    {
        var (row, bytes) = await readers.ReadAsync(reader => Find(reader, id), cancellationToken).ConfigureAwait(false);
        if (bytes is not null) return new MemoryStream(bytes, 0, bytes.Length, writable: false, publiclyVisible: true);
        return new ChunkStream(id, (number, into, cancel) => readers.ReadAsync(reader => ReadChunk(reader, row, number, into), cancel));
    }

    private static int? ReadChunk(SqliteSession reader, long row, long number, byte[] into)
    {
        using var chunk = reader.Use("SELECT bytes FROM content_chunk WHERE id = ?").With(ChunkKey.Of(row, number));
        if (!chunk.Step()) return null;
        var bytes = chunk.Bytes(0);
        bytes.CopyTo(into);
        return bytes.Length;
    }

    private static (long Row, byte[]? Bytes) Find(SqliteSession reader, ContentId id)
    {
        using var row = reader.Use("SELECT id, bytes FROM content WHERE key = ? AND is_complete AND length = ?")
            .With(id.Key).With(id.Length);
        if (!row.Step()) throw new ContentMissingException(id);
        return (row.Number(0), row.IsNull(1) ? null : row.Bytes(1).ToArray());
    }
}
