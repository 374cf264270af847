namespace Vsmtp.Storage.Sqlite.Mails;

/// <summary>What the next write of a mail must know of the one before.</summary>
internal sealed record MailRow(
    long Version, string Queue, bool IsEnded, string? Original, string? Content, long Events, long Bytes)
{
    /// <summary>Null: no such mail.</summary>
    public static MailRow? Find(SqliteSession session, string id)
    {
        using var row = session.Use("SELECT version, queue, ended_at, original, content, events, bytes FROM mail WHERE id = ?")
            .With(id);
        if (!row.Step()) return null;
        return new MailRow(
            row.Number(0), row.Text(1), !row.IsNull(2), row.TextOrNull(3), row.TextOrNull(4), row.Number(5), row.Number(6));
    }

    /// <summary>Takes a mail's row and history away; its contents are another matter.</summary>
    public static void Delete(SqliteSession writer, string id)
    {
        writer.Use("DELETE FROM event WHERE mail_id = ?").With(id).Run();
        writer.Use("DELETE FROM mail WHERE id = ?").With(id).Run();
    }
}
