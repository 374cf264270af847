using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Vsmtp.Storage.Sqlite;

/// <summary>A prepared statement that its session keeps: bind in order, step, read. Disposing ends this use, not the statement.</summary>
/// <remarks>
/// Straight over SQLite, for the writer's path: no allocation per use, and state is bound and read as UTF-8.
/// Not thread-safe, as its session.
/// </remarks>
internal sealed class Statement(sqlite3 database, sqlite3_stmt handle) : IDisposable
{
    private int _bound;

    /// <summary>Between its use and the end of that use; a second use in between would spoil the first.</summary>
    public bool IsInUse { get; set; }

    /// <remarks>By its length: SQLite's own conversions end at the first NUL, which a peer may have sent.</remarks>
    public Statement With(string? text)
    {
        if (text is null) return Checked(raw.sqlite3_bind_null(handle, ++_bound));
        if (text.Length == 0) return Checked(raw.sqlite3_bind_text(handle, ++_bound, ""));
        var most = Encoding.UTF8.GetMaxByteCount(text.Length);
        var utf8 = most <= 1024 ? stackalloc byte[most] : new byte[most];
        return WithUtf8(utf8[..Encoding.UTF8.GetBytes(text, utf8)]);
    }

    public Statement With(long number) => Checked(raw.sqlite3_bind_int64(handle, ++_bound, number));

    public Statement With(long? number) =>
        number is { } value ? With(value) : Checked(raw.sqlite3_bind_null(handle, ++_bound));

    public Statement WithUtf8(ReadOnlySpan<byte> text) => Checked(raw.sqlite3_bind_text(handle, ++_bound, text));

    /// <summary>An empty span is an empty blob, not null.</summary>
    public Statement WithBlob(ReadOnlySpan<byte> bytes) => Checked(bytes.IsEmpty
        ? raw.sqlite3_bind_zeroblob(handle, ++_bound, 0)
        : raw.sqlite3_bind_blob(handle, ++_bound, bytes));

    /// <summary>Goes to the next row; false when there is none.</summary>
    /// <exception cref="SqliteException">The row or the database is bad; the transaction may be gone with it.</exception>
    public bool Step()
    {
        var result = raw.sqlite3_step(handle);
        if (result is raw.SQLITE_ROW) return true;
        if (result is not raw.SQLITE_DONE) SqliteException.ThrowExceptionForRC(result, database);
        return false;
    }

    /// <summary>Runs it to its end and ends this use.</summary>
    /// <returns>How many rows it changed.</returns>
    public int Run()
    {
        using (this)
        {
            while (Step())
            {
            }

            return raw.sqlite3_changes(database);
        }
    }

    public long Number(int column) => raw.sqlite3_column_int64(handle, column);

    public long? NumberOrNull(int column) => IsNull(column) ? null : Number(column);

    public string Text(int column) => Encoding.UTF8.GetString(Bytes(column));

    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    /// <summary>A blob, or a text as UTF-8; the store's memory, until the next step.</summary>
    public ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(handle, column);

    public bool IsNull(int column) => raw.sqlite3_column_type(handle, column) is raw.SQLITE_NULL;

    public void Dispose()
    {
        // The result repeats the fault of the last step, which was thrown there.
        _ = raw.sqlite3_reset(handle);
        _ = raw.sqlite3_clear_bindings(handle);
        _bound = 0;
        IsInUse = false;
    }

    /// <summary>Gives the statement itself up.</summary>
    public void Close() => handle.Dispose();

    private Statement Checked(int result)
    {
        SqliteException.ThrowExceptionForRC(result, database);
        return this;
    }
}
