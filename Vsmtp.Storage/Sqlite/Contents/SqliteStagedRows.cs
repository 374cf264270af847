using Vsmtp.Storage.Contents;

namespace Vsmtp.Storage.Sqlite.Contents;

/// <summary>Chunks of larger contents, written by the group commit.</summary>
internal sealed class SqliteStagedRows(StoreCore store) : IStagedRows
{
    /// <summary>The first row of a content has no more, so that whoever wants the header section alone reads little.</summary>
    private const int FirstRowBytes = 16 * 1024;

    public Task<long> WriteAsync(StagedChunk chunk, CancellationToken cancellationToken) => store.Writes.RunAsync(
        writer =>
        {
            var now = Timestamp.Floor(store.Time.GetUtcNow());
            var row = chunk.Row ?? ContentRows.Begin(writer, chunk.Key, now, store.Incarnation.Name);
            AddRows(writer, row, chunk);
            if (chunk.Completed is not null) ContentRows.Complete(writer, row, chunk.Completed, now);
            return row;
        },
        cancellationToken);

    /// <exception cref="ArgumentException">A first chunk that leaves nothing for the second row: rows would be missing in the middle.</exception>
    private static void AddRows(SqliteSession writer, long row, StagedChunk chunk)
    {
        var bytes = chunk.Bytes.Span;
        if (chunk.Number == 0)
        {
            if (bytes.Length <= FirstRowBytes) throw new ArgumentException($"So small a content is none of chunks: {bytes.Length} octets.", nameof(chunk));
            ContentRows.AddChunk(writer, row, 0, bytes[..FirstRowBytes]);
            bytes = bytes[FirstRowBytes..];
        }

        if (!bytes.IsEmpty) ContentRows.AddChunk(writer, row, chunk.Number + 1, bytes);
    }

    public Task DeleteAsync(string key) => store.Writes.RunAsync(writer => ContentRows.Delete(writer, key));
}
