using System.Collections.Immutable;
using Vsmtp.Contracts.Queues;

namespace Vsmtp.Storage.Postgres.Mails;

/// <summary>The index over <c>wake_at</c>, by the database's clock: silos whose clocks differ sweep one and the same store.</summary>
/// <remarks>
/// What another sweep or a writer holds just now is passed over, so that no sweep waits. A claim leaves the version alone, so the
/// grain that works on the mail meanwhile writes without a conflict; its write sets the wake-up anew, whatever the claim said.
/// </remarks>
internal sealed class PostgresWakeUps(PostgresCore store) : IWakeUps
{
    private const string Claim = """
        WITH due AS (
          SELECT id, wake_at FROM mail WHERE wake_at <= store_now() ORDER BY wake_at LIMIT $1 FOR UPDATE SKIP LOCKED)
        UPDATE mail SET wake_at = store_now() + $2 FROM due WHERE mail.id = due.id RETURNING mail.id, due.wake_at
        """;

    public Task<int> RecoverAsync(CancellationToken cancellationToken) => store.Reads.RunAsync(
        // Ours from now on: should this process die before the mail is woken, the next one recovers it again.
        "UPDATE mail SET wake_at = store_now(), busy_by = $1 WHERE busy_by IS NOT NULL AND busy_by <> $1",
        to => to.Text(store.Incarnation.Name),
        cancellationToken);

    public async Task<ImmutableArray<string>> ClaimDueAsync(int limit, TimeSpan lease, CancellationToken cancellationToken)
    {
        // An UPDATE returns its rows in no order.
        var due = await store.Reads.ListAsync(
            Claim,
            to => to.Number(limit).Number((long)Math.Ceiling(lease.TotalMicroseconds)),
            static row => (Id: row.GetString(0), At: row.GetInt64(1)),
            cancellationToken).ConfigureAwait(false);
        return [.. due.OrderBy(static mail => mail.At).Select(static mail => mail.Id)];
    }
}
