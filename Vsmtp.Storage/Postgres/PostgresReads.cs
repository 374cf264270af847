using System.Collections.Immutable;
using Npgsql;

namespace Vsmtp.Storage.Postgres;

/// <summary>Statements beside the group commit, each on a connection of the pool and a transaction of its own.</summary>
internal sealed class PostgresReads(NpgsqlDataSource pool)
{
    private volatile Exception? _absence;

    /// <summary>Refuses all until <see cref="Resume"/>: some of what runs here writes, and the store may be another's.</summary>
    public void Suspend(Exception absence)
    {
        _absence = absence;
        pool.Clear();
    }

    public void Resume() => _absence = null;

    /// <summary>All rows, in their order.</summary>
    /// <param name="bind">Adds the values of <c>$1, $2…</c>.</param>
    public async Task<ImmutableArray<T>> ListAsync<T>(
        string sql, Action<NpgsqlParameterCollection>? bind, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        using var command = Open().CreateCommand(sql);
        bind?.Invoke(command.Parameters);
        var rows = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = rows.ConfigureAwait(false);
        var found = ImmutableArray.CreateBuilder<T>();
        while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false)) found.Add(read(rows));
        return found.ToImmutable();
    }

    /// <summary>The first row; the default of the type where there is none.</summary>
    public async Task<T?> FindAsync<T>(
        string sql, Action<NpgsqlParameterCollection>? bind, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        var rows = await ListAsync(sql, bind, read, cancellationToken).ConfigureAwait(false);
        return rows.Length > 0 ? rows[0] : default;
    }

    /// <returns>How many rows the statement changed.</returns>
    public async Task<int> RunAsync(string sql, Action<NpgsqlParameterCollection> bind, CancellationToken cancellationToken)
    {
        using var command = Open().CreateCommand(sql);
        bind(command.Parameters);
        return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Rows of several statements that see one and the same state of the database.</summary>
    /// <param name="statements">Reads, each with <c>$1</c> as the one text.</param>
    /// <param name="read">Goes through the results itself.</param>
    public async Task<T> ReadTogetherAsync<T>(
        IEnumerable<string> statements, string text, Func<NpgsqlDataReader, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        var connection = await Open().OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using var __ = connection.ConfigureAwait(false);
        using var batch = connection.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"));
        foreach (var statement in statements)
        {
            var command = new NpgsqlBatchCommand(statement);
            command.Parameters.Text(text);
            batch.BatchCommands.Add(command);
        }

        batch.BatchCommands.Add(new NpgsqlBatchCommand("COMMIT"));
        var rows = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = rows.ConfigureAwait(false);
        return await read(rows, cancellationToken).ConfigureAwait(false);
    }

    private NpgsqlDataSource Open() => _absence is { } absence ? throw absence : pool;
}
