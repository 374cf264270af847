using System.Collections.Immutable;
using System.Text.Json;
using Vsmtp.Contracts.Mail;
using Vsmtp.Contracts.Queues;
using Vsmtp.Storage.Mails;

namespace Vsmtp.Storage.Sqlite.Mails;

/// <summary>What screens and tools read, beside the writer.</summary>
internal sealed class SqliteMailQueries(ReaderPool readers) : IMailQueries
{
    private const string Columns = "id, queue, sender, recipients, subject, bytes, since, attempts, reason";
    private const string ListAll = $"SELECT {Columns} FROM mail WHERE ended_at IS NULL ORDER BY since, id LIMIT ?1";
    private const string ListOne = $"SELECT {Columns} FROM mail WHERE ended_at IS NULL AND queue = ?2 ORDER BY since, id LIMIT ?1";
    private const string ListEnded =
        $"SELECT {Columns} FROM mail WHERE ended_at IS NOT NULL AND queue = ?2 ORDER BY ended_at, id LIMIT ?1";

    // '0' is the character after '/': all names that begin with "quarantine/", by the index.
    private const string ListQuarantines = $"""
        SELECT {Columns} FROM mail WHERE ended_at IS NULL AND queue >= 'quarantine/' AND queue < 'quarantine0'
        ORDER BY since, id LIMIT ?1
        """;

    public Task<ImmutableArray<MailSummary>> ListAsync(string? queue, int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync(reader => List(reader, queue, limit), cancellationToken);

    public Task<MailDetails?> FindAsync(string id, CancellationToken cancellationToken) =>
        readers.ReadAsync(reader => reader.ReadTogether(together => Find(together, id)), cancellationToken);

    public Task<ImmutableSortedDictionary<string, long>> CountAsync(CancellationToken cancellationToken) =>
        readers.ReadAsync(Counters.Read, cancellationToken);

    private static ImmutableArray<MailSummary> List(SqliteSession reader, string? queue, int limit)
    {
        var mails = ImmutableArray.CreateBuilder<MailSummary>();
        using var row = queue switch
        {
            null => reader.Use(ListAll).With(limit),
            "quarantine" => reader.Use(ListQuarantines).With(limit),
            _ when MailQueue.IsEnd(queue) => reader.Use(ListEnded).With(limit).With(queue),
            _ => reader.Use(ListOne).With(limit).With(queue),
        };
        while (row.Step()) mails.Add(Summary(row));
        return mails.ToImmutable();
    }

    private static MailDetails? Find(SqliteSession reader, string id)
    {
        using var row = reader.Use($"SELECT {Columns}, state FROM mail WHERE id = ?").With(id);
        return row.Step() ? new MailDetails(Summary(row), StoredJson.Read(row.Bytes(9)), ReadEvents(reader, id)) : null;
    }

    private static ImmutableArray<MailEvent> ReadEvents(SqliteSession reader, string id)
    {
        var events = ImmutableArray.CreateBuilder<MailEvent>();
        using var row = reader.Use("SELECT at, node, what, why, directive, source FROM event WHERE mail_id = ? ORDER BY number")
            .With(id);
        while (row.Step())
        {
            events.Add(new MailEvent(
                Timestamp.Read(row.Number(0)), row.Text(1), row.Text(2), row.Text(3), row.TextOrNull(4), row.TextOrNull(5)));
        }

        return events.ToImmutable();
    }

    private static MailSummary Summary(Statement row) => new(
        row.Text(0),
        row.Text(1),
        row.Text(2),
        [.. JsonSerializer.Deserialize(row.Bytes(3), StoredJson.Known.StringArray)!],
        row.Text(4),
        row.Number(5),
        Timestamp.Read(row.Number(6)),
        (int)row.Number(7),
        row.Text(8));
}
