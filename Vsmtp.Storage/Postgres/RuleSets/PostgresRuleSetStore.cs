using System.Collections.Immutable;
using System.Text.Json;
using Npgsql;
using Vsmtp.Contracts.RuleSets;
using Vsmtp.Storage.Mails;

namespace Vsmtp.Storage.Postgres.RuleSets;

/// <summary>Rule sets as rows. The one that was put last is the current one; the others are replaced since then.</summary>
internal sealed class PostgresRuleSetStore(PostgresReads reads) : IRuleSetStore
{
    // One statement, so one transaction. The hash is over the files: what is there under it is the same set.
    private const string Put = """
        WITH replaced AS (UPDATE rule_set SET replaced_at = store_now() WHERE replaced_at IS NULL AND hash <> $1)
        INSERT INTO rule_set (hash, main_path, files, put_at) VALUES ($1, $2, $3, store_now())
        ON CONFLICT (hash) DO UPDATE SET replaced_at = NULL
        """;

    private const string ListUses = """
        SELECT used.rule_set, put_at, replaced_at, place, mails
        FROM (
          SELECT rule_set, NULL AS place, count(*) AS mails FROM mail WHERE ended_at IS NULL AND rule_set <> '' GROUP BY rule_set
          UNION ALL
          SELECT rule_set, sleeps_at, count(*) FROM mail WHERE sleeps_at IS NOT NULL GROUP BY rule_set, sleeps_at) AS used
        LEFT JOIN rule_set ON hash = used.rule_set
        ORDER BY used.rule_set, place NULLS FIRST
        """;

    private const string ListSleeping = """
        SELECT id FROM mail
        WHERE ended_at IS NULL AND phase IN ('Working', 'Delegated', 'Quarantine') AND ($1 IS NULL OR rule_set = $1)
          AND (rule_set <> $2 OR quarantine = 'rule-set') AND id > $3
        ORDER BY id LIMIT $4
        """;

    public Task PutAsync(StoredRuleSet set, CancellationToken cancellationToken)
    {
        var files = JsonSerializer.SerializeToUtf8Bytes(
            new SortedDictionary<string, string>(set.Files, StringComparer.Ordinal), StoredJson.Known.SortedDictionaryStringString);
        return reads.RunAsync(Put, to => to.Text(set.Hash).Text(set.MainPath).Utf8(files), cancellationToken);
    }

    public Task<StoredRuleSet?> FindAsync(string hash, CancellationToken cancellationToken) => reads.FindAsync(
        "SELECT main_path, files FROM rule_set WHERE hash = $1",
        to => to.Text(hash),
        row =>
        {
            var files = JsonSerializer.Deserialize(row.GetFieldValue<byte[]>(1), StoredJson.Known.SortedDictionaryStringString)!;
            return new StoredRuleSet(hash, row.GetString(0), files.ToImmutableSortedDictionary(StringComparer.Ordinal));
        },
        cancellationToken);

    public Task<ImmutableArray<string>> ListInUseAsync(CancellationToken cancellationToken) => reads.ListAsync(
        "SELECT DISTINCT rule_set FROM mail WHERE ended_at IS NULL AND rule_set <> '' ORDER BY rule_set",
        bind: null,
        static row => row.GetString(0),
        cancellationToken);

    public Task<ImmutableArray<string>> ListRecentAsync(TimeSpan age, CancellationToken cancellationToken) => reads.ListAsync(
        "SELECT hash FROM rule_set WHERE replaced_at IS NULL OR replaced_at > store_now() - $1 ORDER BY hash",
        to => to.Number(age.Ticks / TimeSpan.TicksPerMicrosecond),
        static row => row.GetString(0),
        cancellationToken);

    public async Task<ImmutableArray<RuleSetUse>> ListUsesAsync(CancellationToken cancellationToken)
    {
        var rows = await reads.ListAsync(
            ListUses,
            bind: null,
            static row => (row.GetString(0), NumberOrNull(row, 1), NumberOrNull(row, 2), row.IsDBNull(3) ? null : row.GetString(3), row.GetInt64(4)),
            cancellationToken).ConfigureAwait(false);
        return [.. SleepingPlace.UsesOf(rows)];
    }

    public Task<ImmutableArray<string>> ListSleepingAsync(SleepingMails which, int limit, CancellationToken cancellationToken) => reads.ListAsync(
        ListSleeping,
        to => to.Text(which.Under).Text(which.Wanted).Text(which.After).Number(limit),
        static row => row.GetString(0),
        cancellationToken);

    private static long? NumberOrNull(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);
}
