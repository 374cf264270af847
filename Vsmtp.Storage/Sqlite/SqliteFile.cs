using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Vsmtp.Storage.Sqlite;

/// <summary>The database file: makes it, opens sessions on it, and says in words why it cannot.</summary>
internal sealed class SqliteFile
{
    private readonly string _path;

    static SqliteFile()
    {
        Batteries_V2.Init();
        // A session is used by one thread at a time, so SQLite need not lock its own; and nobody asks it how much memory it uses.
        // Refused when another part of the process was first to use SQLite: then it only costs more.
        _ = raw.sqlite3_config(raw.SQLITE_CONFIG_MULTITHREAD);
        _ = raw.sqlite3_config(raw.SQLITE_CONFIG_MEMSTATUS, 0);
    }

    public SqliteFile(string path) => _path = Path.GetFullPath(path);

    /// <summary>The write-ahead log beside it.</summary>
    public string LogPath => _path + "-wal";

    /// <summary>Makes folder and file where they are missing; only its owner reads a new file, for it will hold mail.</summary>
    /// <exception cref="StoreUnusableException">The folder or the file cannot be made or written.</exception>
    public void Create()
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            var options = new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.ReadWrite,
            };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using var file = new FileStream(_path, options);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnusableException($"The mail store {_path} cannot be written: {fault.Message}", fault);
        }
    }

    /// <summary>The one session that writes. What it commits is synced before COMMIT returns.</summary>
    /// <exception cref="StoreUnusableException">The file system shares no memory between connections, as network ones.</exception>
    public SqliteSession OpenWriter()
    {
        var writer = Open(SqliteOpenMode.ReadWrite, "PRAGMA journal_size_limit=67108864", "PRAGMA temp_store=MEMORY");
        using var mode = writer.Use("PRAGMA journal_mode=WAL");
        if (mode.Step() && mode.Text(0) == "wal") return writer;
        throw new StoreUnusableException($"The mail store {_path} cannot have a write-ahead log: is it on a network file system?");
    }

    /// <summary>A session that copies the write-ahead log back.</summary>
    public SqliteSession OpenCheckpointer() => Open(SqliteOpenMode.ReadWrite);

    /// <summary>A session that reads beside the writer and never waits for it.</summary>
    public SqliteSession OpenReader() => Open(SqliteOpenMode.ReadWrite, "PRAGMA query_only=1");

    /// <summary>A session for a tool, which may belong to a user who cannot write the file.</summary>
    public SqliteSession OpenReadOnly() => Open(SqliteOpenMode.ReadOnly);

    /// <summary>Runs what opens or prepares the file and puts SQLite's faults into an operator's words.</summary>
    public T Explain<T>(Func<T> open)
    {
        try
        {
            return open();
        }
        catch (SqliteException fault)
        {
            var why = fault.SqliteErrorCode switch
            {
                raw.SQLITE_NOTADB => "is no SQLite database",
                raw.SQLITE_CORRUPT => "is damaged",
                raw.SQLITE_FULL => "cannot be opened, since the disk is full",
                raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_CANTOPEN =>
                    "cannot be opened; may this user write the file and its folder?",
                raw.SQLITE_BUSY or raw.SQLITE_LOCKED => "is locked by another process",
                _ => "cannot be opened",
            };
            throw new StoreUnusableException($"The mail store {_path} {why} (SQLite: {fault.Message})", fault);
        }
    }

    private SqliteSession Open(SqliteOpenMode mode, params ReadOnlySpan<string> pragmas)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = _path,
            Mode = mode,
            Pooling = false,
        }.ToString());
        try
        {
            connection.Open();
            raw.sqlite3_busy_timeout(connection.Handle, 10_000);
            var session = new SqliteSession(connection);
            foreach (var pragma in pragmas) session.Run(pragma);
            session.Run("PRAGMA synchronous=FULL");
            session.Run("PRAGMA wal_autocheckpoint=0");
            return session;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
