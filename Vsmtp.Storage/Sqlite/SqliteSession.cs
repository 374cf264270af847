using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Vsmtp.Storage.Sqlite;

/// <summary>One connection with the statements that it has prepared. Not thread-safe.</summary>
internal sealed class SqliteSession : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, Statement> _statements = new(StringComparer.Ordinal);

    public SqliteSession(SqliteConnection connection) => _connection = connection;

    /// <summary>By how much counters have moved in the present transaction and not yet in their rows; by name and process.</summary>
    public Dictionary<(string Name, string Process), long> CounterMoves { get; } = [];

    /// <summary>The database file.</summary>
    public string Path => _connection.DataSource;

    public sqlite3 Handle => _connection.Handle ?? throw new ObjectDisposedException(nameof(SqliteSession));

    /// <summary>False after SQLite has given a transaction up on its own, as it may when the disk is full.</summary>
    public bool IsInTransaction => raw.sqlite3_get_autocommit(Handle) == 0;

    /// <summary>The statement of this text, ready to be bound; prepared at its first use.</summary>
    public Statement Use(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement)) _statements[sql] = statement = Prepare(sql);
        if (statement.IsInUse) throw new InvalidOperationException($"This statement is in use: {sql}");
        statement.IsInUse = true;
        return statement;
    }

    public int Run(string sql) => Use(sql).Run();

    /// <summary>Runs reads that are to see one and the same state of the database.</summary>
    public T ReadTogether<T>(Func<SqliteSession, T> read)
    {
        Run("BEGIN");
        try
        {
            return read(this);
        }
        finally
        {
            Run("COMMIT");
        }
    }

    /// <summary>All of the writes or none, before there is a writer's thread with its batches.</summary>
    public void WriteTogether(Action<SqliteSession> write)
    {
        Run("BEGIN IMMEDIATE");
        try
        {
            write(this);
            Run("COMMIT");
        }
        catch
        {
            if (IsInTransaction) Run("ROLLBACK");
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values) statement.Close();
        _statements.Clear();
        _connection.Dispose();
    }

    private Statement Prepare(string sql)
    {
        SqliteException.ThrowExceptionForRC(
            raw.sqlite3_prepare_v3(Handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out var handle), Handle);
        return new Statement(Handle, handle);
    }
}
