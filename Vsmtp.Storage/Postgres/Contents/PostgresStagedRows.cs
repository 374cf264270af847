using Vsmtp.Storage.Contents;
using Vsmtp.Storage.Postgres.Writing;

namespace Vsmtp.Storage.Postgres.Contents;

/// <summary>Chunks of larger contents, in a group commit of their own.</summary>
internal sealed class PostgresStagedRows(PostgresCore store) : IStagedRows
{
    public Task<long> WriteAsync(StagedChunk chunk, CancellationToken cancellationToken) => store.ChunkWrites.RunAsync(
        "SELECT content_row, fault, message FROM stage_chunk($1, $2, $3, $4, $5, $6, $7)",
        to => to.Text(chunk.Key).Number(chunk.Row).Number(chunk.Number).Blob(chunk.Bytes)
            .Number(chunk.Completed?.Length).Text(chunk.Completed?.Sha256).Text(store.Incarnation.Name),
        static row => row.GetInt64(0),
        new PostgresFaults($"Content {chunk.Key}", null, chunk.Completed is { } content ? [content] : []),
        cancellationToken);

    public Task DeleteAsync(string key) =>
        store.Reads.FindAsync("SELECT delete_content($1)", to => to.Text(key), static row => row.GetInt64(0), CancellationToken.None);
}
