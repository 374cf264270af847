using Vsmtp.Storage.Contents;

namespace Vsmtp.Storage.Sqlite.Contents;

/// <summary>Chunks of larger contents, written by the group commit.</summary>
internal sealed class SqliteStagedRows(StoreCore store) : IStagedRows
{
    public Task<long> WriteAsync(StagedChunk chunk, CancellationToken cancellationToken) => store.Writes.RunAsync(
        writer =>
        {
            var now = Timestamp.Floor(store.Time.GetUtcNow());
            var row = chunk.Row ?? ContentRows.Begin(writer, chunk.Key, now, store.Incarnation.Name);
            if (!chunk.Bytes.IsEmpty) ContentRows.AddChunk(writer, row, chunk.Number, chunk.Bytes.Span);
            if (chunk.Completed is not null) ContentRows.Complete(writer, row, chunk.Completed, now);
            return row;
        },
        cancellationToken);

    public Task DeleteAsync(string key) => store.Writes.RunAsync(writer => ContentRows.Delete(writer, key));
}
