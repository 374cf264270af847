using System.Collections.Immutable;
using System.Text.Json;
using Vsmtp.Contracts.RuleSets;
using Vsmtp.Storage.Mails;
using Vsmtp.Storage.Sqlite.Mails;

namespace Vsmtp.Storage.Sqlite.RuleSets;

/// <summary>Rule sets as rows. The one that was put last is the current one; the others are replaced since then.</summary>
internal sealed class SqliteRuleSetStore(StoreCore store) : IRuleSetStore
{
    private const string ListUses = """
        SELECT used.rule_set, put_at, replaced_at, place, mails
        FROM (
          SELECT rule_set, NULL AS place, count(*) AS mails FROM mail WHERE ended_at IS NULL AND rule_set <> '' GROUP BY rule_set
          UNION ALL
          SELECT rule_set, sleeps_at, count(*) FROM mail WHERE sleeps_at IS NOT NULL GROUP BY rule_set, sleeps_at) AS used
        LEFT JOIN rule_set ON hash = used.rule_set
        ORDER BY used.rule_set, place
        """;

    // By the id's index, and not by that of rule sets (the sign before the column): a page of a long list is not sorted anew each time.
    private const string ListSleeping = """
        SELECT id FROM mail
        WHERE ended_at IS NULL AND phase IN ('Working', 'Delegated', 'Quarantine') AND (?1 IS NULL OR +rule_set = ?1)
          AND (+rule_set <> ?2 OR quarantine = 'rule-set') AND id > ?3
        ORDER BY id LIMIT ?4
        """;

    public Task PutAsync(StoredRuleSet set, CancellationToken cancellationToken)
    {
        var files = JsonSerializer.SerializeToUtf8Bytes(
            new SortedDictionary<string, string>(set.Files, StringComparer.Ordinal), StoredJson.Known.SortedDictionaryStringString);
        return store.Writes.RunAsync(
            writer =>
            {
                var now = Timestamp.Floor(store.Time.GetUtcNow());
                writer.Use("UPDATE rule_set SET replaced_at = ? WHERE replaced_at IS NULL AND hash <> ?").With(now).With(set.Hash).Run();
                // The hash is over the files: what is there under it is the same set.
                return writer.Use("""
                    INSERT INTO rule_set (hash, main_path, files, put_at) VALUES (?, ?, ?, ?)
                    ON CONFLICT (hash) DO UPDATE SET replaced_at = NULL
                    """)
                    .With(set.Hash).With(set.MainPath).WithUtf8(files).With(now)
                    .Run();
            },
            cancellationToken);
    }

    public Task<StoredRuleSet?> FindAsync(string hash, CancellationToken cancellationToken) => store.Readers.ReadAsync(
        reader =>
        {
            using var row = reader.Use("SELECT main_path, files FROM rule_set WHERE hash = ?").With(hash);
            if (!row.Step()) return null;
            var files = JsonSerializer.Deserialize(row.Bytes(1), StoredJson.Known.SortedDictionaryStringString)!;
            return new StoredRuleSet(hash, row.Text(0), files.ToImmutableSortedDictionary(StringComparer.Ordinal));
        },
        cancellationToken);

    public Task<ImmutableArray<string>> ListInUseAsync(CancellationToken cancellationToken) => store.Readers.ReadAsync(
        reader => Texts(reader.Use("""
            SELECT DISTINCT rule_set FROM mail WHERE ended_at IS NULL AND rule_set <> '' ORDER BY rule_set
            """)),
        cancellationToken);

    public Task<ImmutableArray<string>> ListRecentAsync(TimeSpan age, CancellationToken cancellationToken) => store.Readers.ReadAsync(
        reader => Texts(reader.Use("SELECT hash FROM rule_set WHERE replaced_at IS NULL OR replaced_at > ? ORDER BY hash")
            .With(Timestamp.Floor(store.Time.GetUtcNow() - age))),
        cancellationToken);

    public Task<ImmutableArray<RuleSetUse>> ListUsesAsync(CancellationToken cancellationToken) => store.Readers.ReadAsync(
        reader =>
        {
            var uses = new List<(string, long?, long?, string?, long)>();
            using var row = reader.Use(ListUses);
            while (row.Step()) uses.Add((row.Text(0), row.NumberOrNull(1), row.NumberOrNull(2), row.TextOrNull(3), row.Number(4)));
            return SleepingPlace.UsesOf(uses).ToImmutableArray();
        },
        cancellationToken);

    public Task<ImmutableArray<string>> ListSleepingAsync(SleepingMails which, int limit, CancellationToken cancellationToken) =>
        store.Readers.ReadAsync(
            reader => Texts(reader.Use(ListSleeping).With(which.Under).With(which.Wanted).With(which.After).With(limit)),
            cancellationToken);

    private static ImmutableArray<string> Texts(Statement row)
    {
        var found = ImmutableArray.CreateBuilder<string>();
        using (row)
        {
            while (row.Step()) found.Add(row.Text(0));
        }

        return found.ToImmutable();
    }
}
