using System.Diagnostics;
using Npgsql;
using Vsmtp.Storage.Postgres.Migrations;

namespace Vsmtp.Storage.Postgres;

/// <summary>Who else may have the store at the same time.</summary>
public enum ClaimMode
{
    /// <summary>Nobody: the embedded host, whose grains are in this process alone.</summary>
    Exclusive,

    /// <summary>Other silos of one cluster.</summary>
    Shared,
}

/// <summary>The right to use a store: a session's advisory lock, which the database lets go of when the process ends in whatever way.</summary>
/// <remarks>
/// The lock is as good as the connection that holds it. When that is lost, another process may have the store a moment later: so
/// whoever holds a claim ends its process when <see cref="Lost"/> says so, without another write.
/// </remarks>
public sealed class PostgresClaim : IDisposable
{
    /// <summary>"VSMTP" in ASCII; advisory locks are a database's own.</summary>
    private const long LockKey = 0x56534D5450;

    /// <summary>Held by every connection that writes mails, for as long as its session in the database lives.</summary>
    private const long WriterKey = LockKey + 1;

    /// <summary>The database sees the end of a killed process a moment after we do.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly NpgsqlConnection _connection;
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _watching;

    private PostgresClaim(NpgsqlConnection connection, ClaimMode mode, StoreIncarnation incarnation)
    {
        Mode = mode;
        Incarnation = incarnation;
        _connection = connection;
        _watching = Task.Run(WatchAsync);
    }

    public ClaimMode Mode { get; }

    /// <summary>This process, as the others see it: it lives until the claim and all that writes under it have ended.</summary>
    public StoreIncarnation Incarnation { get; }

    /// <summary>Cancelled when the claim, or the store that was opened with it, is lost for good.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Why; null while it is not lost.</summary>
    public string? Reason { get; private set; }

    /// <summary>
    /// Takes the store, before anything of it is read. One who has it alone then waits until the last session of a writer before
    /// has ended: a batch of a killed process may still be on its way.
    /// </summary>
    /// <exception cref="StoreUnusableException">The database cannot be reached, or another process has the store.</exception>
    public static PostgresClaim Acquire(PostgresStoreOptions options, ClaimMode mode)
    {
        var connection = PostgresConnections.OpenKept(options, PostgresSchema.Mail, "claim");
        try
        {
            return PostgresConnections.Explain(options, PostgresSchema.Mail, () =>
            {
                var function = mode is ClaimMode.Exclusive ? "pg_try_advisory_lock" : "pg_try_advisory_lock_shared";
                if (!TryLock(connection, function)) throw new StoreUnusableException(
                    $"The mail store {options} is in use by {FindHolder(connection)}: only one may run on this store.");
                if (mode is ClaimMode.Exclusive)
                {
                    Call(connection, "pg_advisory_lock", WriterKey);
                    Call(connection, "pg_advisory_unlock", WriterKey);
                }

                var incarnation = StoreIncarnation.Create();
                IncarnationLock.Hold(connection, incarnation);
                return new PostgresClaim(connection, mode, incarnation);
            });
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (_ending.IsCancellationRequested) return;
        _ending.Cancel();
        _watching.Wait();
        _connection.Dispose();
        _ending.Dispose();
        _lost.Dispose();
    }

    /// <summary>The store has failed for good; the first reason counts.</summary>
    internal void Lose(string reason)
    {
        lock (_ending)
        {
            if (_ending.IsCancellationRequested || Reason is not null) return;
            Reason = reason;
        }

        _lost.Cancel();
    }

    /// <summary>Marks a session that writes under this claim, until it ends.</summary>
    internal void MarkWriter(NpgsqlConnection writer)
    {
        Call(writer, "pg_advisory_lock_shared", WriterKey);
        IncarnationLock.Hold(writer, Incarnation);
    }

    /// <summary>An SQL condition: whether the incarnation with this name, another than ours, has ended. Who is alone need not look.</summary>
    /// <param name="name">An SQL expression of type text.</param>
    internal string HasEnded(string name) => Mode is ClaimMode.Exclusive ? "TRUE" : IncarnationLock.HasEnded(name);

    private static bool TryLock(NpgsqlConnection connection, string function)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            if (Call(connection, function, LockKey) is true) return true;
            if (clock.Elapsed > Patience) return false;
            Thread.Sleep(50);
        }
    }

    private static object? Call(NpgsqlConnection connection, string function, long key)
    {
        using var call = new NpgsqlCommand($"SELECT {function}($1)", connection) { Parameters = { new() { Value = key } } };
        return call.ExecuteScalar();
    }

    private static string FindHolder(NpgsqlConnection connection)
    {
        using var find = new NpgsqlCommand("""
            SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid)
            WHERE l.locktype = 'advisory' AND l.granted AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
            AND l.classid::bigint << 32 | l.objid::bigint = $1 AND l.objsubid = 1
            """, connection)
        {
            Parameters = { new() { Value = LockKey } },
        };
        return find.ExecuteScalar() is string { Length: > 0 } name ? name : "another process";
    }

    /// <summary>Waits on the connection: its end is seen at once, a silent one by the keep-alive.</summary>
    private async Task WatchAsync()
    {
        try
        {
            while (true) await _connection.WaitAsync(_ending.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // Given back.
        }
        catch (Exception fault)
        {
            Lose($"the connection that holds it has ended: {fault.Message}");
        }
    }
}
