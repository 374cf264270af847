using System.Collections.Immutable;
using Vsmtp.Contracts.Mail;

namespace Vsmtp.Storage.Sqlite.Mails;

/// <summary>What the next write of a mail must know of the one before.</summary>
internal sealed record MailRow
{
    private const string Select = """
        SELECT rowid, version, queue, ended_at, original, content, events, bytes, returns, busy_by, rule_set, sleeps_at
        FROM mail WHERE id = ?
        """;

    /// <summary>Of the row, in its table.</summary>
    public required long Number { get; init; }

    public required long Version { get; init; }

    public required string Queue { get; init; }

    public required bool IsEnded { get; init; }

    /// <summary>The keys of the contents that the mail owns.</summary>
    public required ImmutableArray<string> Contents { get; init; }

    /// <summary>How many it has.</summary>
    public required long Events { get; init; }

    public required long Bytes { get; init; }

    public required string? BusyBy { get; init; }

    public required string RuleSet { get; init; }

    public required string? SleepsAt { get; init; }

    /// <summary>Null: no such mail.</summary>
    public static MailRow? Find(SqliteSession session, string id)
    {
        using var row = session.Use(Select).With(id);
        if (!row.Step()) return null;
        return new MailRow
        {
            Number = row.Number(0),
            Version = row.Number(1),
            Queue = row.Text(2),
            IsEnded = !row.IsNull(3),
            Contents = Keys(row.TextOrNull(4), row.TextOrNull(5), row.Text(8)),
            Events = row.Number(6),
            Bytes = row.Number(7),
            BusyBy = row.TextOrNull(9),
            RuleSet = row.Text(10),
            SleepsAt = row.TextOrNull(11),
        };
    }

    /// <summary>The original is most often the present content as well.</summary>
    private static ImmutableArray<string> Keys(string? original, string? content, string returns)
    {
        string?[] own = original == content ? [original] : [original, content];
        return [.. own.OfType<string>(), .. returns.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
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
