using Microsoft.Extensions.Logging;
using Vsmtp.Contracts.Content;

namespace Vsmtp.Storage.Sqlite.Contents;

/// <summary>Message bytes as rows: one blob for a small content, chunks for a larger one.</summary>
internal sealed class SqliteContentStore(StoreCore store, ILogger<SqliteContentStore> log) : IContentStore
{
    public IContentStage Stage() => new ContentStage(store, log);

    public Task<Stream> OpenReadAsync(ContentId id, CancellationToken cancellationToken) =>
        ContentReads.OpenAsync(store.Readers, id, cancellationToken);
}
