using System.Collections.Immutable;
using Vsmtp.Contracts.Queues;
using Vsmtp.Storage.Mails;

namespace Vsmtp.Storage.Sqlite.Mails;

/// <summary>The index over <c>wake_at</c>. One machine, one clock: this process's <see cref="TimeProvider"/> is the store's time.</summary>
/// <remarks>
/// The file is this process's alone: every other incarnation has ended.
/// A claim leaves the version alone, so the grain that works on the mail meanwhile writes without a conflict; its write sets the
/// wake-up anew, whatever the claim said.
/// </remarks>
internal sealed class SqliteWakeUps(StoreCore store) : IWakeUps
{
    public Task<int> RecoverAsync(CancellationToken cancellationToken) => store.Writes.RunAsync(
        writer => writer
            // Ours from now on: should this process die before the mail is woken, the next one recovers it again.
            .Use("UPDATE mail SET wake_at = ?1, busy_by = ?2 WHERE busy_by IS NOT NULL AND busy_by <> ?2")
            .With(Now()).With(store.Incarnation.Name)
            .Run(),
        cancellationToken);

    public Task<ImmutableArray<DueMail>> ClaimDueAsync(int limit, TimeSpan lease, CancellationToken cancellationToken) =>
        store.Writes.RunAsync(writer => Claim(writer, limit, lease), cancellationToken);

    public Task<int> CountOverdueAsync(TimeSpan by, CancellationToken cancellationToken) => store.Readers.ReadAsync(
        reader =>
        {
            using var row = reader.Use("SELECT count(*) FROM (SELECT 1 FROM mail WHERE wake_at <= ?1 LIMIT ?2)")
                .With(Timestamp.Floor(store.Time.GetUtcNow() - by)).With(IWakeUps.MostCounted);
            return row.Step() ? (int)row.Number(0) : 0;
        },
        cancellationToken);

    private ImmutableArray<DueMail> Claim(SqliteSession writer, int limit, TimeSpan lease)
    {
        var due = FindDue(writer, Now(), limit);
        var until = Timestamp.Ceiling(store.Time.GetUtcNow() + lease);
        foreach (var mail in due) writer.Use("UPDATE mail SET wake_at = ? WHERE id = ?").With(until).With(mail.MailId).Run();
        return due;
    }

    private static ImmutableArray<DueMail> FindDue(SqliteSession writer, long now, int limit)
    {
        var due = ImmutableArray.CreateBuilder<DueMail>();
        using var row = writer.Use("SELECT id, version, busy_by FROM mail WHERE wake_at <= ? ORDER BY wake_at LIMIT ?").With(now).With(limit);
        while (row.Step()) due.Add(new DueMail(row.Text(0), ETag.Of(row.Number(1)), row.TextOrNull(2)));
        return due.ToImmutable();
    }

    private long Now() => Timestamp.Floor(store.Time.GetUtcNow());
}
