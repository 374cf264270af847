namespace Vsmtp.Storage.Sqlite.Contents;

/// <summary>The one number of a row in content_chunk: which content, and which of its chunks.</summary>
internal static class ChunkKey
{
    /// <summary>Chunks that a content may have: far more than any message.</summary>
    public const long Span = 1 << 20;

    /// <param name="content">The row in content.</param>
    /// <param name="number">From 0.</param>
    public static long Of(long content, long number) => (content * Span) + number;

    /// <summary>The last that a content can have.</summary>
    public static long LastOf(long content) => Of(content, Span - 1);
}
