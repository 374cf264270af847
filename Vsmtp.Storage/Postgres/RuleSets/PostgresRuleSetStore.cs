using System.Collections.Immutable;
using System.Text.Json;
using Vsmtp.Contracts.RuleSets;
using Vsmtp.Storage.Mails;

namespace Vsmtp.Storage.Postgres.RuleSets;

/// <summary>Rule sets as rows. The one that was put last is the current one; the others are replaced since then.</summary>
internal sealed class PostgresRuleSetStore(PostgresReads reads) : IRuleSetStore
{
    // One statement, so one transaction. The hash is over the files: what is there under it is the same set.
    private const string Put = """
        WITH replaced AS (UPDATE rule_set SET replaced_at = store_now() WHERE replaced_at IS NULL AND hash <> $1)
        INSERT INTO rule_set (hash, main_path, files) VALUES ($1, $2, $3)
        ON CONFLICT (hash) DO UPDATE SET replaced_at = NULL
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
}
