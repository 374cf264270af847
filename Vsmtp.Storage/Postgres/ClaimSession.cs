using System.Diagnostics;
using Npgsql;
using Vsmtp.Storage.Postgres.Migrations;

namespace Vsmtp.Storage.Postgres;

/// <summary>One hold of a claim: a session's advisory lock, which the database lets go of when the session ends in whatever way.</summary>
internal sealed class ClaimSession : IDisposable
{
    /// <summary>"VSMTP" in ASCII; advisory locks are a database's own.</summary>
    private const long LockKey = 0x56534D5450;

    /// <summary>Held by every connection that writes mails, for as long as its session in the database lives.</summary>
    private const long WriterKey = LockKey + 1;

    /// <summary>The database sees the end of a killed process a moment after we do.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly NpgsqlConnection _connection;
    private readonly CancellationTokenSource _ending = new();
    private readonly TaskCompletionSource<string> _broken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _watching;

    private ClaimSession(NpgsqlConnection connection)
    {
        _connection = connection;
        Incarnation = StoreIncarnation.Create();
        IncarnationLock.Hold(connection, Incarnation);
        _watching = Task.Run(WatchAsync);
    }

    /// <summary>Lives until this session and all that write under it have ended.</summary>
    public StoreIncarnation Incarnation { get; }

    /// <summary>Complete, with the reason, when the session has ended or is of no use any more.</summary>
    public Task<string> Broken => _broken.Task;

    /// <summary>Takes the store if nobody has it in a way that excludes this; else says who has.</summary>
    /// <param name="holder">By the name that its session has; null where the store is taken.</param>
    /// <exception cref="StoreUnusableException">The database cannot be reached.</exception>
    public static ClaimSession? TryOpen(PostgresStoreOptions options, ClaimMode mode, out string? holder)
    {
        string? found = null;
        var connection = PostgresConnections.OpenKept(options, PostgresSchema.Mail, "claim");
        ClaimSession? taken = null;
        try
        {
            taken = PostgresConnections.Explain(options, PostgresSchema.Mail, () =>
            {
                if (TryLock(connection, mode is ClaimMode.Exclusive ? "pg_try_advisory_lock" : "pg_try_advisory_lock_shared"))
                {
                    if (mode is ClaimMode.Exclusive) AwaitWriters(connection);
                    return new ClaimSession(connection);
                }

                found = FindHolder(connection);
                return null;
            });
        }
        finally
        {
            if (taken is null) connection.Dispose();
        }

        holder = found;
        return taken;
    }

    /// <summary>Of no use any more: a writer under it has failed. The first reason counts.</summary>
    public void Break(string reason) => _broken.TrySetResult(reason);

    /// <summary>Marks a session that writes under this claim, until it ends.</summary>
    public void MarkWriter(NpgsqlConnection writer)
    {
        Call(writer, "pg_advisory_lock_shared", WriterKey);
        IncarnationLock.Hold(writer, Incarnation);
    }

    public void Dispose()
    {
        if (_ending.IsCancellationRequested) return;
        _ending.Cancel();
        _watching.Wait();
        _connection.Dispose();
        _ending.Dispose();
    }

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

    /// <summary>Until the last session of a writer before has ended: a batch of a killed process may still be on its way.</summary>
    private static void AwaitWriters(NpgsqlConnection connection)
    {
        Call(connection, "pg_advisory_lock", WriterKey);
        Call(connection, "pg_advisory_unlock", WriterKey);
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
            Break($"the connection that holds it has ended: {fault.Message}");
        }
    }
}
