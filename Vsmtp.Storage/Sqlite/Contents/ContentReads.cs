using Vsmtp.Contracts.Content;

namespace Vsmtp.Storage.Sqlite.Contents;

/// <summary>Opens contents.</summary>
internal static class ContentReads
{
    /// <exception cref="ContentMissingException">It is not there, or not complete.</exception>
    public static async Task<Stream> OpenAsync(ReaderPool readers, ContentId id, CancellationToken cancellationToken)
    {
        var (row, bytes) = await readers.ReadAsync(reader => Find(reader, id), cancellationToken).ConfigureAwait(false);
        return bytes is null ? new ChunkStream(readers, id, row) : new MemoryStream(bytes, writable: false);
    }

    private static (long Row, byte[]? Bytes) Find(SqliteSession reader, ContentId id)
    {
        using var row = reader.Use("SELECT id, bytes FROM content WHERE key = ? AND is_complete AND length = ?")
            .With(id.Key).With(id.Length);
        if (!row.Step()) throw new ContentMissingException(id);
        return (row.Number(0), row.IsNull(1) ? null : row.Bytes(1).ToArray());
    }
}
