using Npgsql;
using Vsmtp.Storage.Postgres.Migrations;

namespace Vsmtp.Storage.Postgres;

/// <summary>The two connections that write under a claim; opened with it, and anew when it was taken again.</summary>
/// <param name="Mails">Of what moves counters.</param>
/// <param name="Chunks">Of larger contents.</param>
internal sealed record PostgresWriters(NpgsqlConnection Mails, NpgsqlConnection Chunks) : IDisposable
{
    /// <summary>Where whoever opens the store leaves its name: among the states of grains, of which none has such a name.</summary>
    private const string OwnerRow = "name = 'store owner' AND grain = 'store'";

    /// <summary>Opens them, brings the schema to this program's version and takes over what ended incarnations have counted.</summary>
    /// <param name="former">Who must have had the store last, where it is taken alone; null: whoever.</param>
    /// <returns>Null: another had it last; nothing was changed.</returns>
    /// <exception cref="StoreUnusableException">The database cannot be reached, or is a newer program's.</exception>
    public static PostgresWriters? Open(PostgresStoreOptions options, PostgresClaim claim, StoreIncarnation? former = null)
    {
        var mails = PostgresConnections.OpenKept(options, PostgresSchema.Mail, "writer");
        NpgsqlConnection? chunks = null;
        PostgresWriters? opened = null;
        try
        {
            chunks = PostgresConnections.OpenKept(options, PostgresSchema.Mail, "content writer");
            opened = PostgresConnections.Explain(options, PostgresSchema.Mail, () =>
            {
                claim.Session.MarkWriter(mails);
                claim.Session.MarkWriter(chunks);
                if (former is not null && FindOwner(mails) != former.Name) return null;
                PostgresMigrator.Apply(mails, options, PostgresSchema.Mail);
                LeaveName(mails, claim.Incarnation);
                FoldCounters(mails, claim);
                return new PostgresWriters(mails, chunks);
            });
            return opened;
        }
        finally
        {
            if (opened is null)
            {
                mails.Dispose();
                chunks?.Dispose();
            }
        }
    }

    public void Dispose()
    {
        Mails.Dispose();
        Chunks.Dispose();
    }

    private static string? FindOwner(NpgsqlConnection writer)
    {
        using var find = new NpgsqlCommand($"SELECT state::jsonb #>> '{{}}' FROM grain_state WHERE {OwnerRow}", writer);
        return find.ExecuteScalar() as string;
    }

    private static void LeaveName(NpgsqlConnection writer, StoreIncarnation owner)
    {
        using var leave = new NpgsqlCommand("""
            INSERT INTO grain_state AS s (name, grain, version, state) VALUES ('store owner', 'store', 1, to_jsonb($1::text)::text)
            ON CONFLICT (name, grain) DO UPDATE SET version = s.version + 1, state = excluded.state
            """, writer);
        leave.Parameters.Text(owner.Name);
        leave.ExecuteNonQuery();
    }

    /// <summary>
    /// Makes one row of those of all incarnations that have ended, in one statement, so that sums are right at any moment. Two that
    /// fold at once share the ended ones between them, and reach the rows that both add to in one order.
    /// </summary>
    private static void FoldCounters(NpgsqlConnection writer, PostgresClaim claim)
    {
        using var fold = new NpgsqlCommand($"""
            WITH ended AS (
              DELETE FROM counter WHERE process <> '' AND process <> $1 AND {claim.HasEnded("process")} RETURNING name, value)
            INSERT INTO counter AS c (name, process, value) SELECT name, '', sum(value) FROM ended GROUP BY name ORDER BY name
            ON CONFLICT (name, process) DO UPDATE SET value = c.value + excluded.value
            """, writer);
        fold.Parameters.Text(claim.Incarnation.Name);
        fold.ExecuteNonQuery();
    }
}
