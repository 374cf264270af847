using System.Collections.Immutable;
using System.Text.Json;
using Vsmtp.Contracts.RuleSets;
using Vsmtp.Storage.Mails;
using Vsmtp.Storage.Sqlite.Mails;

namespace Vsmtp.Storage.Sqlite.RuleSets;

/// <summary>Rule sets as rows. The one that was put last is the current one; the others are replaced since then.</summary>
internal sealed class SqliteRuleSetStore(StoreCore store) : IRuleSetStore
{
    public Task PutAsync(StoredRuleSet set, CancellationToken cancellationToken)
    {
        var files = JsonSerializer.SerializeToUtf8Bytes(
            new SortedDictionary<string, string>(set.Files, StringComparer.Ordinal), StoredJson.Known.SortedDictionaryStringString);
        return store.Writes.RunAsync(
            writer =>
            {
                writer.Use("UPDATE rule_set SET replaced_at = ? WHERE replaced_at IS NULL AND hash <> ?")
                    .With(Timestamp.Floor(store.Time.GetUtcNow())).With(set.Hash)
                    .Run();
                // The hash is over the files: what is there under it is the same set.
                return writer.Use("""
                    INSERT INTO rule_set (hash, main_path, files) VALUES (?, ?, ?)
                    ON CONFLICT (hash) DO UPDATE SET replaced_at = NULL
                    """)
                    .With(set.Hash).With(set.MainPath).WithUtf8(files)
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
        reader =>
        {
            var hashes = ImmutableArray.CreateBuilder<string>();
            using var row = reader.Use("""
                SELECT DISTINCT rule_set FROM mail WHERE ended_at IS NULL AND rule_set <> '' ORDER BY rule_set
                """);
            while (row.Step()) hashes.Add(row.Text(0));
            return hashes.ToImmutable();
        },
        cancellationToken);
}
