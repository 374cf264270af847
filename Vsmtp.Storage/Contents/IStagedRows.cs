using Vsmtp.Contracts.Content;

namespace Vsmtp.Storage.Contents;

/// <summary>Where a stage puts what is too large for its memory.</summary>
internal interface IStagedRows
{
    /// <summary>Commits a chunk; the first begins the content's row, the last completes it.</summary>
    /// <returns>The row, for the next chunk.</returns>
    Task<long> WriteAsync(StagedChunk chunk, CancellationToken cancellationToken);

    /// <summary>Takes the row and its chunks away.</summary>
    Task DeleteAsync(string key);
}

/// <summary>One piece of a larger content.</summary>
/// <param name="Row">Null: this is the first.</param>
/// <param name="Number">From 0.</param>
/// <param name="Bytes">The stage's until the write is done; may be empty in the last.</param>
/// <param name="Completed">The whole, with its last chunk; else null.</param>
internal sealed record StagedChunk(string Key, long? Row, long Number, ReadOnlyMemory<byte> Bytes, ContentId? Completed);
