using Microsoft.Extensions.Logging;
using Npgsql;
using Orleans.Storage;
using Vsmtp.Contracts.Mail;
using Vsmtp.Storage.Mails;
using Vsmtp.Storage.Postgres.Mails;

namespace Vsmtp.Storage.Postgres.Collecting;

/// <summary>Takes away what has served its time, in small transactions that pass over what others hold.</summary>
internal sealed partial class PostgresCollector(PostgresCore store, StoreOptions options, ILogger<PostgresCollector> log)
{
    // An open stage of a process that lives has an owner, who ends it.
    private readonly string _removeStaged = $"""
        WITH old AS (
          SELECT id FROM content WHERE mail_id IS NULL AND staged_at <= store_now() - $1
            AND (is_complete OR staged_by <> $2 AND {store.HasEnded("staged_by")})
          ORDER BY staged_at LIMIT $3 FOR UPDATE SKIP LOCKED),
        gone AS (DELETE FROM content USING old WHERE content.id = old.id),
        chunks AS (DELETE FROM content_chunk USING old WHERE content_id = old.id RETURNING octet_length(bytes) AS length)
        SELECT (SELECT count(*) FROM old), (SELECT coalesce(sum(length), 0)::bigint FROM chunks)
        """;

    private const string Purge = """
        , history AS (DELETE FROM event USING old WHERE mail_id = old.id),
        gone AS (DELETE FROM mail USING old WHERE mail.id = old.id)
        SELECT count(*) FROM old
        """;

    private const string PurgeExpired = $"""
        WITH old AS (
          SELECT id FROM mail WHERE ended_at <= store_now() - $1 ORDER BY ended_at LIMIT $2 FOR UPDATE SKIP LOCKED)
        {Purge}
        """;

    // By the newest one that is too many, and not by how many are: two collectors that counted the same excess would take it twice.
    private const string PurgeExcess = $"""
        WITH excess AS (
          SELECT ended_at, id FROM mail
          WHERE ended_at IS NOT NULL AND (SELECT count(*) FROM mail WHERE ended_at IS NOT NULL) > $1
          ORDER BY ended_at DESC, id DESC OFFSET $1 LIMIT 1),
        old AS (
          SELECT mail.id FROM mail, excess
          WHERE mail.ended_at IS NOT NULL AND (mail.ended_at, mail.id) <= (excess.ended_at, excess.id)
          ORDER BY mail.ended_at LIMIT $2 FOR UPDATE OF mail SKIP LOCKED)
        {Purge}
        """;

    private const string RemoveRuleSets = """
        DELETE FROM rule_set WHERE replaced_at <= store_now() - $1
        AND NOT EXISTS (SELECT 1 FROM mail WHERE mail.rule_set = rule_set.hash AND mail.ended_at IS NULL)
        """;

    private const string FindDead = """
        SELECT id, version, state, store_now() FROM mail
        WHERE ended_at IS NULL AND queue = 'dead' AND since <= store_now() - $1 ORDER BY since LIMIT $2
        """;

    /// <returns>How many contents, mails and rule sets went.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var collected = await RepeatAsync(RemoveStagedAsync, cancellationToken).ConfigureAwait(false)
            + await RepeatAsync(PurgeExpiredAsync, cancellationToken).ConfigureAwait(false)
            + await RepeatAsync(PurgeExcessAsync, cancellationToken).ConfigureAwait(false)
            + await store.Reads.RunAsync(
                RemoveRuleSets, to => to.Number(Microseconds(options.RuleSetRetention)), cancellationToken).ConfigureAwait(false)
            + await RepeatAsync(EndDeadAsync, cancellationToken).ConfigureAwait(false);
        if (collected > 0) LogCollected(log, collected);
        return collected;
    }

    private static async Task<int> RepeatAsync(Func<CancellationToken, Task<int>> batch, CancellationToken cancellationToken)
    {
        var sum = 0;
        while (await batch(cancellationToken).ConfigureAwait(false) is > 0 and var count) sum += count;
        return sum;
    }

    private async Task<int> RemoveStagedAsync(CancellationToken cancellationToken)
    {
        var (count, bytes) = await store.Reads.FindAsync(
            _removeStaged,
            to => to.Number(Microseconds(options.StagedRetention)).Text(store.Incarnation.Name).Number(options.CollectorBatch),
            static row => ((int)row.GetInt64(0), row.GetInt64(1)),
            cancellationToken).ConfigureAwait(false);
        store.Staged.Settle(bytes);
        return count;
    }

    private Task<int> PurgeExpiredAsync(CancellationToken cancellationToken) => CountAsync(
        PurgeExpired, to => to.Number(Microseconds(options.EndedRetention)).Number(options.CollectorBatch), cancellationToken);

    private Task<int> PurgeExcessAsync(CancellationToken cancellationToken) => CountAsync(
        PurgeExcess, to => to.Number(options.MaxEndedMails).Number(options.CollectorBatch), cancellationToken);

    /// <summary>Dead mails that nobody wanted: their contents go, and the history says so.</summary>
    private async Task<int> EndDeadAsync(CancellationToken cancellationToken)
    {
        var dead = await store.Reads.ListAsync(
            FindDead,
            to => to.Number(Microseconds(options.DeadRetention)).Number(options.CollectorBatch),
            static row => (
                Id: row.GetString(0), Version: row.GetInt64(1), State: StoredJson.Read(row.GetFieldValue<byte[]>(2)),
                Now: Timestamp.Read(row.GetInt64(3))),
            cancellationToken).ConfigureAwait(false);
        var ended = 0;
        foreach (var (id, version, state, now) in dead)
        {
            ended += await TryEndAsync(id, version, state, now, cancellationToken).ConfigureAwait(false) ? 1 : 0;
        }

        return ended;
    }

    /// <summary>False: an operator was faster.</summary>
    private async Task<bool> TryEndAsync(string id, long version, MailState state, DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            var removed = Retention.EndDead(state, options.DeadRetention, now);
            await new PostgresMailWrite(id, ETag.Of(version), removed).RunAsync(store, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (InconsistentStateException)
        {
            return false;
        }
    }

    private Task<int> CountAsync(string sql, Action<NpgsqlParameterCollection> bind, CancellationToken cancellationToken) =>
        store.Reads.FindAsync(sql, bind, static row => (int)row.GetInt64(0), cancellationToken);

    private static long Microseconds(TimeSpan retention) => (long)retention.TotalMicroseconds;

    [LoggerMessage(EventId = StoreEvents.Collected, Level = LogLevel.Debug,
        Message = "Collected {Count} contents, mails and rule sets")]
    private static partial void LogCollected(ILogger log, int count);
}
