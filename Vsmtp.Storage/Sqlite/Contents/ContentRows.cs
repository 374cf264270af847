using System.Collections.Immutable;
using Vsmtp.Contracts.Content;

namespace Vsmtp.Storage.Sqlite.Contents;

/// <summary>The rows of contents, as units of work write them.</summary>
internal static class ContentRows
{
    /// <summary>A small content, with the state that names it.</summary>
    /// <exception cref="InvalidOperationException">The bytes are not as many as the id says.</exception>
    public static void InsertInline(
        SqliteSession writer, ContentId content, ImmutableArray<byte> bytes, string mailId, long now, string incarnation)
    {
        if (bytes.Length != content.Length)
        {
            throw new InvalidOperationException($"Content {content} has {bytes.Length} octets and says {content.Length}.");
        }

        writer.Use("""
            INSERT INTO content (key, mail_id, length, sha256, is_complete, staged_at, staged_by, bytes)
            VALUES (?, ?, ?, ?, 1, ?, ?, ?)
            """)
            .With(content.Key).With(mailId).With(content.Length).With(content.Sha256)
            .With(now).With(incarnation).WithBlob(bytes.AsSpan())
            .Run();
    }

    /// <summary>Makes a staged content a mail's own.</summary>
    /// <returns>Its length, which no longer counts as staged.</returns>
    /// <exception cref="ContentMissingException">It was never completed, was collected, or is another mail's.</exception>
    public static long Take(SqliteSession writer, ContentId content, string mailId)
    {
        var taken = writer.Use("UPDATE content SET mail_id = ? WHERE key = ? AND mail_id IS NULL AND is_complete AND length = ?")
            .With(mailId).With(content.Key).With(content.Length)
            .Run();
        return taken == 1 ? content.Length : throw new ContentMissingException(content);
    }

    /// <summary>A larger content begins.</summary>
    /// <returns>The id of its row.</returns>
    public static long Begin(SqliteSession writer, string key, long now, string incarnation)
    {
        writer.Use("INSERT INTO content (key, length, sha256, is_complete, staged_at, staged_by) VALUES (?, 0, '', 0, ?, ?)")
            .With(key).With(now).With(incarnation)
            .Run();
        return SQLitePCL.raw.sqlite3_last_insert_rowid(writer.Handle);
    }

    public static void AddChunk(SqliteSession writer, long id, long number, ReadOnlySpan<byte> bytes) => writer
        .Use("INSERT INTO content_chunk (id, bytes) VALUES (?, ?)")
        .With(ChunkKey.Of(id, number)).WithBlob(bytes)
        .Run();

    /// <exception cref="ContentMissingException">Somebody deleted it while it was taken.</exception>
    public static void Complete(SqliteSession writer, long id, ContentId content, long now)
    {
        var completed = writer
            .Use("UPDATE content SET length = ?, sha256 = ?, is_complete = 1, staged_at = ? WHERE id = ? AND NOT is_complete")
            .With(content.Length).With(content.Sha256).With(now).With(id)
            .Run();
        if (completed != 1) throw new ContentMissingException(content);
    }

    /// <summary>Deletes a staged content unless a mail names it.</summary>
    /// <returns>How many bytes of chunks went.</returns>
    public static long Discard(SqliteSession writer, string key)
    {
        using (var row = writer.Use("SELECT 1 FROM content WHERE key = ? AND mail_id IS NULL").With(key))
        {
            if (!row.Step()) return 0;
        }

        return Delete(writer, key);
    }

    /// <returns>How many bytes of chunks went.</returns>
    public static long Delete(SqliteSession writer, string key)
    {
        if (writer.Use("DELETE FROM content WHERE key = ? AND bytes IS NOT NULL").With(key).Run() == 1) return 0;
        if (Find(writer, key) is not { } id) return 0;
        var bytes = Sum(writer.Use("SELECT sum(length(bytes)) FROM content_chunk WHERE id BETWEEN ? AND ?")
            .With(ChunkKey.Of(id, 0)).With(ChunkKey.LastOf(id)));
        writer.Use("DELETE FROM content_chunk WHERE id BETWEEN ? AND ?").With(ChunkKey.Of(id, 0)).With(ChunkKey.LastOf(id)).Run();
        writer.Use("DELETE FROM content WHERE id = ?").With(id).Run();
        return bytes;
    }

    /// <summary>Bytes of all contents that no mail names, complete or not: only larger ones are in the store by then.</summary>
    public static long SumStaged(SqliteSession session) => Sum(session.Use("""
        SELECT sum(length(content_chunk.bytes)) FROM content JOIN content_chunk
          ON content_chunk.id BETWEEN content.id * ?1 AND (content.id + 1) * ?1 - 1
        WHERE mail_id IS NULL
        """).With(ChunkKey.Span));

    private static long? Find(SqliteSession session, string key)
    {
        using var row = session.Use("SELECT id FROM content WHERE key = ?").With(key);
        return row.Step() ? row.Number(0) : null;
    }

    private static long Sum(Statement find)
    {
        using (find) return find.Step() ? find.Number(0) : 0;
    }
}
