namespace Vsmtp.Contracts.Content;

/// <summary>Keeps message bytes. Contents never change; what no mail names is collected an hour after it was staged.</summary>
public interface IContentStore
{
    /// <summary>Begins to take a message. Dispose gives up what was not completed.</summary>
    IContentStage Stage();

    /// <summary>Reads a content from its first octet, a chunk at a time; the caller disposes the stream.</summary>
    /// <exception cref="ContentMissingException">No such content: it was collected or never completed.</exception>
    Task<Stream> OpenReadAsync(ContentId id, CancellationToken cancellationToken);

    /// <summary>Forgets a staged content at once, where nobody will name it. One that a mail names stays.</summary>
    Task DiscardAsync(StagedContent content, CancellationToken cancellationToken);
}

/// <summary>A message on its way into the store. Not thread-safe.</summary>
public interface IContentStage : IAsyncDisposable
{
    /// <summary>Octets taken so far.</summary>
    long Length { get; }

    /// <summary>Takes a piece; the memory is the caller's again when the task is done.</summary>
    /// <exception cref="StoreFullException">All that is staged and not yet named by a mail would pass the store's bound.</exception>
    ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>Ends the message. Larger contents are in the store and synced when this returns.</summary>
    Task<StagedContent> CompleteAsync(CancellationToken cancellationToken);
}
