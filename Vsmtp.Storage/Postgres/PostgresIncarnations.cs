namespace Vsmtp.Storage.Postgres;

/// <summary>Ends the sessions that hold an incarnation's lock. They are sessions of our own user, which needs no further right for that.</summary>
internal sealed class PostgresIncarnations(PostgresReads reads, StoreIncarnation own) : IIncarnations
{
    // A lock of two numbers: objsubid is 2.
    private static readonly string End = $"""
        SELECT count(*) FILTER (WHERE pg_terminate_backend(l.pid)) FROM pg_locks l
        WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2
          AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
          AND (l.classid::bigint, l.objid::bigint) = ({IncarnationLock.ClassOf("$1")}, {IncarnationLock.ObjectOf("$1")})
        """;

    public Task<int> EndAsync(string incarnation, CancellationToken cancellationToken) => incarnation == own.Name
        ? throw new ArgumentException("A process does not end itself so.", nameof(incarnation))
        : reads.FindAsync(End, to => to.Text(incarnation), static row => (int)row.GetInt64(0), cancellationToken);
}
