using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using SQLitePCL;

namespace Vsmtp.Storage.Sqlite.Writing;

/// <summary>Copies the write-ahead log back into the database on a thread and a connection of its own, while the writer goes on.</summary>
/// <remarks>
/// The log starts anew only when all of it has been copied and nothing was added meanwhile, which under steady load never
/// happens. So once four times as much was written as a copy begins from, the writer itself copies the little that is left,
/// between two batches: that bounds the log even where this thread cannot keep up.
/// </remarks>
internal sealed partial class Checkpointer : IDisposable
{
    private const int CacheWrites = 9; // SQLITE_DBSTATUS_CACHE_WRITE, which SQLitePCL does not name
    private const int PageBytes = 4096;

    private readonly SqliteSession _session;
    private readonly long _startPages;
    private readonly long _boundPages;
    private readonly ILogger _log;
    private readonly Lock _copying = new();
    private readonly AutoResetEvent _wanted = new(false);
    private readonly Thread _thread;
    private long _sinceStart;
    private long _sinceBound;
    private volatile bool _isClosed;

    /// <param name="session">Belongs to this object from now on.</param>
    /// <param name="startBytes">Written since the last copy from which the next begins.</param>
    /// <param name="log">For copies that fail or are held up.</param>
    public Checkpointer(SqliteSession session, long startBytes, ILogger log)
    {
        _session = session;
        _startPages = Math.Max(1, startBytes / PageBytes);
        _boundPages = 4 * _startPages;
        _log = log;
        _thread = new Thread(CopyWhenWanted) { Name = "vsmtp store checkpointer", IsBackground = true };
        _thread.Start();
    }

    /// <summary>The writer calls this after each commit, on its own thread.</summary>
    public void Committed(SqliteSession writer)
    {
        raw.sqlite3_db_status(writer.Handle, CacheWrites, out var pages, out _, resetFlg: 1);
        _sinceStart += pages;
        _sinceBound += pages;
        if (_sinceBound >= _boundPages)
        {
            _sinceStart = _sinceBound = 0;
            var (frames, copied) = Copy(writer);
            if (copied < frames) LogHeldBack(frames, copied);
        }
        else if (_sinceStart >= _startPages)
        {
            _sinceStart = 0;
            _wanted.Set();
        }
    }

    /// <summary>The writer calls this when the log cannot grow: what was written is copied at once, so that the log can begin anew.</summary>
    public void MakeRoom(SqliteSession writer)
    {
        _sinceStart = _sinceBound = 0;
        Copy(writer);
    }

    /// <summary>Copies all of the log and leaves it empty. The writer and the readers are closed by then.</summary>
    public void Dispose()
    {
        _isClosed = true;
        _wanted.Set();
        _thread.Join();
        Copy(_session, raw.SQLITE_CHECKPOINT_TRUNCATE);
        _wanted.Dispose();
        _session.Dispose();
    }

    private void CopyWhenWanted()
    {
        while (true)
        {
            _wanted.WaitOne();
            if (_isClosed) return;
            Copy(_session);
        }
    }

    /// <summary>Copies what no reader still needs from the log.</summary>
    private (int Frames, int Copied) Copy(SqliteSession session, int mode = raw.SQLITE_CHECKPOINT_PASSIVE)
    {
        lock (_copying)
        {
            var result = raw.sqlite3_wal_checkpoint_v2(session.Handle, "main", mode, out var frames, out var copied);
            if (result is raw.SQLITE_OK or raw.SQLITE_BUSY) return (frames, copied);
            LogCheckpointFailed(new SqliteException(raw.sqlite3_errmsg(session.Handle).utf8_to_string(), result));
            return (0, 0);
        }
    }
}
