using Microsoft.Extensions.Logging;
using Vsmtp.Contracts.Content;
using Vsmtp.Storage.Contents;

namespace Vsmtp.Storage.Postgres.Contents;

/// <summary>Message bytes as rows: one value for what fits a page, pieces for a larger content (0005-speed.sql).</summary>
internal sealed class PostgresContentStore(PostgresCore store, ILogger<PostgresContentStore> log) : IContentStore
{
    private readonly PostgresStagedRows _rows = new(store);

    public IContentStage Stage() => new ContentStage(_rows, store.Staged, log);

    public async Task<Stream> OpenReadAsync(ContentId id, CancellationToken cancellationToken)
    {
        if (store.Recent.Open(id) is { } recent) return recent;
        var found = await store.Reads.FindAsync(
            "SELECT id, bytes FROM content WHERE key = $1 AND is_complete AND length = $2",
            to => to.Text(id.Key).Number(id.Length),
            static row => ((long Row, byte[]? Bytes)?)(row.GetInt64(0), row.IsDBNull(1) ? null : row.GetFieldValue<byte[]>(1)),
            cancellationToken).ConfigureAwait(false);
        if (found is not var (row, bytes)) throw new ContentMissingException(id);
        if (bytes is not null) return new MemoryStream(bytes, 0, bytes.Length, writable: false, publiclyVisible: true);
        if (id.Length > ContentId.MaxInlineBytes) return new ChunkStream(id, (number, into, cancel) => ReadChunkAsync(row, number, into, cancel));
        var small = new byte[id.Length];
        return await ReadChunkAsync(row, 0, small, cancellationToken).ConfigureAwait(false) == small.Length
            ? new MemoryStream(small, 0, small.Length, writable: false, publiclyVisible: true)
            : throw new ContentMissingException(id);                                // deleted between the two reads
    }

    public async Task DiscardAsync(StagedContent content, CancellationToken cancellationToken)
    {
        if (!content.Inline.IsDefault) return;                 // it never came into the store
        var length = await store.Reads.FindAsync(
            "SELECT delete_content(key) FROM (SELECT key FROM content WHERE key = $1 AND mail_id IS NULL FOR UPDATE) AS staged",
            to => to.Text(content.Id.Key),
            static row => row.GetInt64(0),
            cancellationToken).ConfigureAwait(false);
        store.Staged.Settle(length);
    }

    private async Task<int?> ReadChunkAsync(long row, long number, byte[] into, CancellationToken cancellationToken)
    {
        var used = 0;
        await store.Reads.ListAsync(
            "SELECT bytes FROM content_chunk WHERE content_id = $1 AND number >= $2 AND number < $2 + $3 ORDER BY number",
            to => to.Number(row).Number(number * PostgresStagedRows.PiecesOfChunk).Number(PostgresStagedRows.PiecesOfChunk),
            piece => used += (int)piece.GetBytes(0, 0, into, used, into.Length - used),
            cancellationToken).ConfigureAwait(false);
        return used > 0 ? used : null;
    }
}
