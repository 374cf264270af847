using System.Collections.Immutable;
using System.Text.Json;
using Npgsql;
using Vsmtp.Contracts.Mail;
using Vsmtp.Contracts.Queues;
using Vsmtp.Storage.Mails;

namespace Vsmtp.Storage.Postgres.Mails;

/// <summary>What screens and tools read, beside the writers.</summary>
internal sealed class PostgresMailQueries(PostgresReads reads) : IMailQueries
{
    private const string Columns = "id, queue, sender, recipients, subject, bytes, since, attempts, reason";
    private const string ListAll = $"SELECT {Columns} FROM mail WHERE ended_at IS NULL ORDER BY since, id LIMIT $1";
    private const string ListOne = $"SELECT {Columns} FROM mail WHERE ended_at IS NULL AND queue = $2 ORDER BY since, id LIMIT $1";
    private const string ListEnded =
        $"SELECT {Columns} FROM mail WHERE ended_at IS NOT NULL AND queue = $2 ORDER BY ended_at, id LIMIT $1";

    // '0' is the character after '/', and the column's order is that of characters: all names that begin with "quarantine/".
    private const string ListQuarantines = $"""
        SELECT {Columns} FROM mail WHERE ended_at IS NULL AND queue >= 'quarantine/' AND queue < 'quarantine0'
        ORDER BY since, id LIMIT $1
        """;

    private const string FindOne = $"SELECT {Columns}, state FROM mail WHERE id = $1";
    private const string FindEvents = "SELECT at, node, what, why, directive, source FROM event WHERE mail_id = $1 ORDER BY number";

    public Task<ImmutableArray<MailSummary>> ListAsync(string? queue, int limit, CancellationToken cancellationToken)
    {
        var (sql, named) = queue switch
        {
            null => (ListAll, null),
            "quarantine" => (ListQuarantines, null),
            _ when MailQueue.IsEnd(queue) => (ListEnded, queue),
            _ => (ListOne, queue),
        };
        return reads.ListAsync(
            sql,
            to =>
            {
                to.Number(limit);
                if (named is not null) to.Text(named);
            },
            Summary,
            cancellationToken);
    }

    public Task<MailDetails?> FindAsync(string id, CancellationToken cancellationToken) =>
        reads.ReadTogetherAsync([FindOne, FindEvents], id, ReadDetailsAsync, cancellationToken);

    public async Task<ImmutableSortedDictionary<string, long>> CountAsync(CancellationToken cancellationToken)
    {
        var sums = await reads.ListAsync(
            "SELECT name, sum(value)::bigint FROM counter GROUP BY name",
            bind: null,
            static row => KeyValuePair.Create(row.GetString(0), row.GetInt64(1)),
            cancellationToken).ConfigureAwait(false);
        return CounterNames.Complete(sums);
    }

    private static async Task<MailDetails?> ReadDetailsAsync(NpgsqlDataReader rows, CancellationToken cancellationToken)
    {
        if (!await rows.ReadAsync(cancellationToken).ConfigureAwait(false)) return null;
        var summary = Summary(rows);
        var state = StoredJson.Read(rows.GetFieldValue<byte[]>(9));
        await rows.NextResultAsync(cancellationToken).ConfigureAwait(false);
        var events = ImmutableArray.CreateBuilder<MailEvent>();
        while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            events.Add(new MailEvent(
                Timestamp.Read(rows.GetInt64(0)), rows.GetString(1), rows.GetString(2), rows.GetString(3), TextOrNull(4), TextOrNull(5)));
        }

        return new MailDetails(summary, state, events.ToImmutable());

        string? TextOrNull(int column) => rows.IsDBNull(column) ? null : rows.GetString(column);
    }

    private static MailSummary Summary(NpgsqlDataReader row) => new(
        row.GetString(0),
        row.GetString(1),
        row.GetString(2),
        [.. JsonSerializer.Deserialize(row.GetFieldValue<byte[]>(3), StoredJson.Known.StringArray)!],
        row.GetString(4),
        row.GetInt64(5),
        Timestamp.Read(row.GetInt64(6)),
        (int)row.GetInt64(7),
        row.GetString(8));
}
