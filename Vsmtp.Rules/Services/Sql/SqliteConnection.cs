using SQLitePCL;
using Vsmtp.Rules.Services.Files;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Services.Sql;

/// <summary>One connection to an SQLite file; for one thread at a time, but that another may stop its statement.</summary>
internal sealed class SqliteConnection : IDisposable
{
    private const int BusyMilliseconds = 5000;
    private const int MaxValueBytes = 16 * 1024 * 1024;

    private readonly sqlite3 _database;

    private SqliteConnection(sqlite3 database, FileStamp file) => (_database, File) = (database, file);

    public FileStamp File { get; }

    /// <exception cref="SqlFailedException">There is no such file, or it cannot be opened.</exception>
    public static SqliteConnection Open(string path, bool isReadOnly)
    {
        if (FileStamp.Of(path) is not { } file) throw new SqlFailedException($"there is no file `{path}`");
        var flags = (isReadOnly ? raw.SQLITE_OPEN_READONLY : raw.SQLITE_OPEN_READWRITE) | raw.SQLITE_OPEN_FULLMUTEX;
        var result = raw.sqlite3_open_v2(path, out var database, flags, null);
        if (result != raw.SQLITE_OK)
        {
            database?.Dispose();
            throw new SqlFailedException($"`{path}` cannot be opened: {raw.sqlite3_errstr(result).utf8_to_string()}");
        }

        raw.sqlite3_busy_timeout(database, BusyMilliseconds);
        raw.sqlite3_limit(database, raw.SQLITE_LIMIT_LENGTH, MaxValueBytes);
        // No other file comes in by way of a statement: not the store of the mails either.
        raw.sqlite3_limit(database, raw.SQLITE_LIMIT_ATTACHED, 0);
        return new SqliteConnection(database, file);
    }

    public void Dispose() => _database.Dispose();

    /// <exception cref="SqlFailedException">SQLite refuses the statement or fails.</exception>
    /// <exception cref="OperationCanceledException">The token; the statement was stopped and undone.</exception>
    public SqlAnswer Run(SqlRequest request, CancellationToken cancellationToken)
    {
        var before = raw.sqlite3_total_changes(_database);
        using var stop = cancellationToken.Register(() => raw.sqlite3_interrupt(_database));
        using var statement = Prepare(request.Text);
        Bind(statement, request.Parameters);
        var answer = new SqlAnswer();
        string[]? columns = null;
        while (true)
        {
            var result = raw.sqlite3_step(statement);
            if (result == raw.SQLITE_DONE) break;
            if (result != raw.SQLITE_ROW)
            {
                cancellationToken.ThrowIfCancellationRequested();
                throw Failed();
            }

            if (!request.WantsRows) continue;
            columns ??= [.. Enumerable.Range(0, raw.sqlite3_column_count(statement)).Select(i => raw.sqlite3_column_name(statement, i).utf8_to_string())];
            answer.Add(columns, [.. Enumerable.Range(0, columns.Length).Select(i => Cell(statement, i))]);
        }

        if (raw.sqlite3_get_autocommit(_database) == 0) throw new SqlFailedException("each statement is a transaction of its own: one cannot be left open");
        answer.Changed = raw.sqlite3_total_changes(_database) - before;
        return answer;
    }

    private sqlite3_stmt Prepare(string text)
    {
        if (raw.sqlite3_prepare_v2(_database, text, out var statement, out var rest) != raw.SQLITE_OK) throw Failed();
        if (string.IsNullOrWhiteSpace(rest) && statement is { IsInvalid: false }) return statement;
        statement?.Dispose();
        throw new SqlFailedException(string.IsNullOrWhiteSpace(rest) ? "there is no statement in the text" : "a text has one statement");
    }

    private void Bind(sqlite3_stmt statement, IReadOnlyList<Value> values)
    {
        var highest = 0;
        for (var at = 1; at <= raw.sqlite3_bind_parameter_count(statement); at++)
        {
            var name = raw.sqlite3_bind_parameter_name(statement, at).utf8_to_string();
            if (name is not ['$', .. var digits] || !int.TryParse(digits, out var number) || number < 1)
                throw new SqlFailedException($"parameters are written $1, $2 and so on, not {name ?? "?"}");
            highest = Math.Max(highest, number);
            if (number <= values.Count && Bind(statement, at, values[number - 1]) != raw.SQLITE_OK) throw Failed();
        }

        SqlFailedException.ThrowIfOther(highest, values.Count);
    }

    private static int Bind(sqlite3_stmt statement, int at, in Value value) => value.Kind switch
    {
        ValueKind.Boolean => raw.sqlite3_bind_int64(statement, at, value.AsBoolean() ? 1 : 0),
        ValueKind.Integer => raw.sqlite3_bind_int64(statement, at, value.AsInteger()),
        ValueKind.Float => raw.sqlite3_bind_double(statement, at, value.AsFloat()),
        ValueKind.String => raw.sqlite3_bind_text(statement, at, value.AsString()),
        ValueKind.Blob => raw.sqlite3_bind_blob(statement, at, value.AsBlob().Bytes.Span),
        _ => raw.sqlite3_bind_null(statement, at),
    };

    private static Value Cell(sqlite3_stmt statement, int column) => raw.sqlite3_column_type(statement, column) switch
    {
        raw.SQLITE_INTEGER => raw.sqlite3_column_int64(statement, column),
        raw.SQLITE_FLOAT => raw.sqlite3_column_double(statement, column),
        raw.SQLITE_TEXT => raw.sqlite3_column_text(statement, column).utf8_to_string(),
        raw.SQLITE_BLOB => new VslBlob(raw.sqlite3_column_blob(statement, column).ToArray()),
        _ => Value.Unit,
    };

    private SqlFailedException Failed() => new(raw.sqlite3_errmsg(_database).utf8_to_string());
}
