using Microsoft.Extensions.Logging;
using Vsmtp.Contracts.Content;
using Vsmtp.Storage.Sqlite.Writing;

namespace Vsmtp.Storage.Sqlite.Contents;

/// <summary>Message bytes as rows: one blob for a small content, chunks for a larger one.</summary>
internal sealed class SqliteContentStore(
    GroupCommit writes, ReaderPool readers, StagedBytes staged, TimeProvider time, StoreIncarnation incarnation, ILogger<SqliteContentStore> log) : IContentStore
{
    public IContentStage Stage() => new ContentStage(writes, staged, time, incarnation, log);

    public Task<Stream> OpenReadAsync(ContentId id, CancellationToken cancellationToken) => ContentReads.OpenAsync(readers, id, cancellationToken);
}
