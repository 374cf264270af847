using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Vsmtp.Contracts.Mail;
using Vsmtp.Storage.Mails;
using Vsmtp.Storage.Sqlite.Contents;
using Vsmtp.Storage.Sqlite.Mails;

namespace Vsmtp.Storage.Sqlite.Collecting;

/// <summary>Takes away what has served its time, in small units of work between the mails' own.</summary>
public sealed partial class StoreCollector
{
    private readonly StoreCore _store;
    private readonly StoreOptions _options;
    private readonly ILogger _log;

    internal StoreCollector(StoreCore store, StoreOptions options, ILogger<StoreCollector> log)
    {
        _store = store;
        _options = options;
        _log = log;
    }

    /// <summary>Goes over the store once.</summary>
    /// <returns>How many contents, mails and rule sets went.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var collected = await RepeatAsync(RemoveStagedAsync, cancellationToken).ConfigureAwait(false)
            + await RepeatAsync(PurgeExpiredAsync, cancellationToken).ConfigureAwait(false)
            + await RepeatAsync(PurgeExcessAsync, cancellationToken).ConfigureAwait(false)
            + await RemoveRuleSetsAsync(cancellationToken).ConfigureAwait(false)
            + await RepeatAsync(EndDeadAsync, cancellationToken).ConfigureAwait(false);
        if (collected > 0) LogCollected(collected);
        return collected;
    }

    private static async Task<int> RepeatAsync(Func<CancellationToken, Task<int>> batch, CancellationToken cancellationToken)
    {
        var sum = 0;
        while (await batch(cancellationToken).ConfigureAwait(false) is > 0 and var count) sum += count;
        return sum;
    }

    /// <summary>Contents that no mail named in time. An open stage of this process has an owner, who ends it.</summary>
    private async Task<int> RemoveStagedAsync(CancellationToken cancellationToken)
    {
        var cutoff = Cutoff(_options.StagedRetention);
        var (count, bytes) = await _store.Writes.RunAsync(
            writer =>
            {
                var keys = Column(writer.Use("""
                    SELECT key FROM content WHERE mail_id IS NULL AND staged_at <= ? AND (is_complete OR staged_by <> ?)
                    ORDER BY staged_at LIMIT ?
                    """)
                    .With(cutoff).With(_store.Incarnation.Name).With(_options.CollectorBatch));
                return (keys.Length, keys.Sum(key => ContentRows.Delete(writer, key)));
            },
            cancellationToken).ConfigureAwait(false);
        _store.Staged.Settle(bytes);
        return count;
    }

    /// <summary>Dead mails that nobody wanted: their contents go, and the history says so.</summary>
    private async Task<int> EndDeadAsync(CancellationToken cancellationToken)
    {
        var cutoff = Cutoff(_options.DeadRetention);
        var dead = await _store.Readers.ReadAsync(
            reader => Column(reader
                .Use("SELECT id FROM mail WHERE ended_at IS NULL AND queue = 'dead' AND since <= ? ORDER BY since LIMIT ?")
                .With(cutoff).With(_options.CollectorBatch)),
            cancellationToken).ConfigureAwait(false);
        var ended = 0;
        foreach (var id in dead) ended += await TryEndAsync(id, cutoff, cancellationToken).ConfigureAwait(false) ? 1 : 0;
        return ended;
    }

    private Task<bool> TryEndAsync(string id, long cutoff, CancellationToken cancellationToken) => _store.Writes.RunAsync(
        writer =>
        {
            if (FindDead(writer, id, cutoff) is not var (version, state)) return false;
            var now = _store.Time.GetUtcNow();
            var removed = Retention.EndDead(state, _options.DeadRetention, now);
            new MailWrite(id, ETag.Of(version), removed, now, _store.Incarnation).Execute(writer);
            return true;
        },
        cancellationToken);

    private static (long Version, MailState State)? FindDead(SqliteSession writer, string id, long cutoff)
    {
        using var row = writer.Use("SELECT version, state FROM mail WHERE id = ? AND queue = 'dead' AND since <= ?")
            .With(id).With(cutoff);
        return row.Step() ? (row.Number(0), StoredJson.Read(row.Bytes(1))) : null;
    }

    private Task<int> PurgeExpiredAsync(CancellationToken cancellationToken)
    {
        var cutoff = Cutoff(_options.EndedRetention);
        return _store.Writes.RunAsync(
            writer => Purge(writer, writer.Use("SELECT id FROM mail WHERE ended_at <= ? ORDER BY ended_at LIMIT ?")
                .With(cutoff).With(_options.CollectorBatch)),
            cancellationToken);
    }

    private async Task<int> PurgeExcessAsync(CancellationToken cancellationToken)
    {
        var ended = await _store.Readers.ReadAsync(
            static reader =>
            {
                using var row = reader.Use("SELECT count(*) FROM mail WHERE ended_at IS NOT NULL");
                return row.Step() ? row.Number(0) : 0;
            },
            cancellationToken).ConfigureAwait(false);
        var excess = Math.Min(ended - _options.MaxEndedMails, _options.CollectorBatch);
        if (excess <= 0) return 0;
        return await _store.Writes.RunAsync(
            writer => Purge(
                writer, writer.Use("SELECT id FROM mail WHERE ended_at IS NOT NULL ORDER BY ended_at LIMIT ?").With(excess)),
            cancellationToken).ConfigureAwait(false);
    }

    private static int Purge(SqliteSession writer, Statement find)
    {
        var ids = Column(find);
        foreach (var id in ids) MailRow.Delete(writer, id);
        return ids.Length;
    }

    private Task<int> RemoveRuleSetsAsync(CancellationToken cancellationToken)
    {
        var cutoff = Cutoff(_options.RuleSetRetention);
        return _store.Writes.RunAsync(
            writer => writer.Use("""
                DELETE FROM rule_set WHERE replaced_at <= ?
                AND NOT EXISTS (SELECT 1 FROM mail WHERE mail.rule_set = rule_set.hash AND mail.ended_at IS NULL)
                """).With(cutoff).Run(),
            cancellationToken);
    }

    private static ImmutableArray<string> Column(Statement find)
    {
        var texts = ImmutableArray.CreateBuilder<string>();
        using (find)
        {
            while (find.Step()) texts.Add(find.Text(0));
        }

        return texts.ToImmutable();
    }

    private long Cutoff(TimeSpan retention) => Timestamp.Floor(_store.Time.GetUtcNow() - retention);

    [LoggerMessage(EventId = StoreEvents.Collected, Level = LogLevel.Debug,
        Message = "Collected {Count} contents, mails and rule sets")]
    private partial void LogCollected(int count);
}
