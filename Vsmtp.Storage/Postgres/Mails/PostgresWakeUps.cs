using System.Collections.Immutable;
using Vsmtp.Contracts.Queues;
using Vsmtp.Storage.Mails;

namespace Vsmtp.Storage.Postgres.Mails;

/// <summary>The index over <c>wake_at</c>, by the database's clock: silos whose clocks differ sweep one and the same store.</summary>
/// <remarks>
/// What another sweep or a writer holds just now is passed over, so that no sweep waits and none stands in a writer's way. A claim
/// leaves the version alone, so the grain that works on the mail meanwhile writes without a conflict; its write sets the wake-up
/// anew, whatever the claim said.
/// </remarks>
internal sealed class PostgresWakeUps(PostgresCore store) : IWakeUps
{
    // From one name to the next through the index: the cost is by silos, not by the mails that they are busy with. Arrays, since
    // of a join the planner expects thousands of rows and reads the whole table for them. What is recovered is ours from now on:
    // should this process end before the mail is woken, another recovers it again.
    internal string Recover { get; } = $"""
        WITH RECURSIVE busy AS (
          (SELECT busy_by AS name FROM mail WHERE busy_by IS NOT NULL ORDER BY busy_by LIMIT 1)
          UNION ALL
          SELECT (SELECT m.busy_by FROM mail m WHERE m.busy_by > busy.name ORDER BY m.busy_by LIMIT 1) FROM busy
          WHERE busy.name IS NOT NULL),
        behind AS (
          SELECT id FROM mail WHERE busy_by = ANY (ARRAY(SELECT name FROM busy WHERE name <> $1 AND {store.HasEnded("name")}))
          FOR UPDATE SKIP LOCKED)
        UPDATE mail SET wake_at = store_now(), busy_by = $1 WHERE id = ANY (ARRAY(SELECT id FROM behind))
        """;

    internal string Claim { get; } = $"""
        WITH due AS (
          SELECT id, wake_at, busy_by FROM mail
          WHERE wake_at <= store_now() AND (busy_by IS NULL OR busy_by = $3 OR {store.HasEnded("busy_by")})
          ORDER BY wake_at LIMIT $1 FOR UPDATE SKIP LOCKED)
        UPDATE mail SET wake_at = store_now() + $2 FROM due WHERE mail.id = due.id RETURNING mail.id, mail.version, due.busy_by, due.wake_at
        """;

    public Task<int> RecoverAsync(CancellationToken cancellationToken) =>
        store.Reads.RunAsync(Recover, to => to.Text(store.Incarnation.Name), cancellationToken);

    public async Task<ImmutableArray<DueMail>> ClaimDueAsync(int limit, TimeSpan lease, CancellationToken cancellationToken)
    {
        // An UPDATE returns its rows in no order.
        var due = await store.Reads.ListAsync(
            Claim,
            to => to.Number(limit).Number((long)Math.Ceiling(lease.TotalMicroseconds)).Text(store.Incarnation.Name),
            static row => (Mail: new DueMail(row.GetString(0), ETag.Of(row.GetInt64(1)), row.IsDBNull(2) ? null : row.GetString(2)), At: row.GetInt64(3)),
            cancellationToken).ConfigureAwait(false);
        return [.. due.OrderBy(static one => one.At).Select(static one => one.Mail)];
    }

    public Task<int> CountOverdueAsync(TimeSpan by, CancellationToken cancellationToken) => store.Reads.FindAsync(
        "SELECT count(*) FROM (SELECT 1 FROM mail WHERE wake_at <= store_now() - $1 LIMIT $2) AS overdue",
        to => to.Number((long)by.TotalMicroseconds).Number(IWakeUps.MostCounted),
        static row => (int)row.GetInt64(0),
        cancellationToken);
}
