using Vsmtp.Storage.Contents;
using Vsmtp.Storage.Postgres.Writing;

namespace Vsmtp.Storage.Postgres.Contents;

/// <summary>Chunks of larger contents, in a group commit of their own.</summary>
internal sealed class PostgresStagedRows(PostgresCore store) : IStagedRows
{
    /// <summary>Of 8000 octets each, so that a piece fits a page (0005-speed.sql).</summary>
    public const int PiecesOfChunk = (ContentStage.ChunkBytes + 7999) / 8000;

    public Task<long> WriteAsync(StagedChunk chunk, CancellationToken cancellationToken) => store.ChunkWrites.RunAsync(
        "SELECT stage_chunk($1, $2, $3, $4, $5, $6, $7)",
        to => to.Text(chunk.Key).Number(chunk.Row).Number(chunk.Number).Blob(chunk.Bytes)
            .Number(chunk.Completed?.Length).Text(chunk.Completed?.Sha256).Text(store.Incarnation.Name),
        static row => row.GetInt64(0),
        new PostgresFaults($"Content {chunk.Key}", null, chunk.Completed is { } content ? [content] : []),
        cancellationToken);

    public Task DeleteAsync(string key) =>
        store.Reads.FindAsync("SELECT delete_content($1)", to => to.Text(key), static row => row.GetInt64(0), CancellationToken.None);
}
