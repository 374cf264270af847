using Microsoft.Extensions.Logging;
using Vsmtp.Contracts.Content;

namespace Vsmtp.Storage.Sqlite.Contents;

/// <summary>Message bytes as rows: one blob for a small content, chunks for a larger one.</summary>
internal sealed class SqliteContentStore(StoreCore store, ILogger<SqliteContentStore> log) : IContentStore
{
    public IContentStage Stage() => new ContentStage(store, log);

    public Task<Stream> OpenReadAsync(ContentId id, CancellationToken cancellationToken) =>
        ContentReads.OpenAsync(store.Readers, id, cancellationToken);

    public async Task DiscardAsync(StagedContent content, CancellationToken cancellationToken)
    {
        if (!content.Inline.IsDefault) return;                 // it never came into the store
        var length = await store.Writes.RunAsync(writer => ContentRows.Discard(writer, content.Id.Key), cancellationToken).ConfigureAwait(false);
        store.Staged.Release(length);
    }
}
