using System.Collections.Immutable;
using Vsmtp.Contracts.Mail;

namespace Vsmtp.Storage.Sqlite.Mails;

/// <summary>What the next write of a mail must know of the one before.</summary>
/// <param name="Contents">The keys of the contents that the mail owns.</param>
internal sealed record MailRow(long Version, string Queue, bool IsEnded, ImmutableHashSet<string> Contents, long Events, long Bytes)
{
    /// <summary>Null: no such mail.</summary>
    public static MailRow? Find(SqliteSession session, string id)
    {
        using var row = session.Use("SELECT version, queue, ended_at, original, content, events, bytes, returns FROM mail WHERE id = ?")
            .With(id);
        if (!row.Step()) return null;
        string?[] keys = [row.TextOrNull(3), row.TextOrNull(4), .. row.Text(7).Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        return new MailRow(row.Number(0), row.Text(1), !row.IsNull(2), [.. keys.OfType<string>()], row.Number(5), row.Number(6));
    }

    /// <summary>How the column <c>returns</c> has them: keys with blanks between.</summary>
    public static string Join(ImmutableArray<ServiceReturn> returns) => string.Join(' ', returns.Select(static returned => returned.Content.Key));

    /// <summary>Takes a mail's row and history away; its contents are another matter.</summary>
    public static void Delete(SqliteSession writer, string id)
    {
        writer.Use("DELETE FROM event WHERE mail_id = ?").With(id).Run();
        writer.Use("DELETE FROM mail WHERE id = ?").With(id).Run();
    }
}
