using Microsoft.Extensions.Logging;
using Vsmtp.Contracts.Content;
using Vsmtp.Storage.Contents;

namespace Vsmtp.Storage.Sqlite.Contents;

/// <summary>Message bytes as rows: one blob for a small content, chunks for a larger one.</summary>
internal sealed class SqliteContentStore(StoreCore store, ILogger<SqliteContentStore> log) : IContentStore
{
    private readonly SqliteStagedRows _rows = new(store);

    public IContentStage Stage() => new ContentStage(_rows, store.Staged, log);

    public Task<Stream> OpenReadAsync(ContentId id, CancellationToken cancellationToken) => store.Recent.Open(id) is { } recent
        ? Task.FromResult(recent)
        : ContentReads.OpenAsync(store.Readers, id, cancellationToken);

    public async Task DiscardAsync(StagedContent content, CancellationToken cancellationToken)
    {
        if (!content.Inline.IsDefault) return;                 // it never came into the store
        var length = await store.Writes.RunAsync(writer => ContentRows.Discard(writer, content.Id.Key), cancellationToken).ConfigureAwait(false);
        store.Staged.Settle(length);
    }
}
