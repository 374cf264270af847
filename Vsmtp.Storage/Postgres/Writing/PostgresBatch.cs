using Npgsql;

namespace Vsmtp.Storage.Postgres.Writing;

/// <summary>Units as one transaction over one connection.</summary>
/// <param name="connection">Idle; after a fault it may be in a transaction that is to be rolled back.</param>
/// <param name="units">In their order.</param>
/// <param name="counting">Under whose name the counters that the units move are written; null: they move none.</param>
internal sealed class PostgresBatch(NpgsqlConnection connection, IReadOnlyList<PostgresUnit> units, string? counting)
{
    /// <summary>What units have noted (0005-speed.sql).</summary>
    private const string WriteMoves = "SELECT write_moves($1)";

    private const string RollBackUnit = "ROLLBACK TO unit";

    /// <summary>All in one round trip. Nearly all units succeed: none has a subtransaction, and the first fault is the batch's.</summary>
    public async Task WriteTogetherAsync(CancellationToken leaving)
    {
        using var batch = connection.CreateBatch();
        Add(batch, "BEGIN");
        foreach (var unit in units) batch.BatchCommands.Add(unit.CreateCommand());
        AddCommit(batch);
        var rows = await batch.ExecuteReaderAsync(leaving).ConfigureAwait(false);
        await using var _ = rows.ConfigureAwait(false);
        foreach (var unit in units)
        {
            await ReadAsync(unit, rows, leaving).ConfigureAwait(false);
            await rows.NextResultAsync(leaving).ConfigureAwait(false);   // throws what COMMIT throws, after the last
        }

        if (counting is not null) await rows.NextResultAsync(leaving).ConfigureAwait(false);
    }

    /// <summary>Each in a subtransaction and a round trip of its own: the one that fails is undone alone and keeps its fault.</summary>
    public async Task WriteApartAsync(CancellationToken leaving)
    {
        await RunAsync("BEGIN", leaving).ConfigureAwait(false);
        foreach (var unit in units)
        {
            try
            {
                await WriteAsync(unit, leaving).ConfigureAwait(false);
            }
            catch (PostgresException fault) when (!PostgresFaults.IsFatal(fault))
            {
                unit.Refusal = fault;
                await RunAsync(RollBackUnit, leaving).ConfigureAwait(false);
            }
        }

        using var end = connection.CreateBatch();
        AddCommit(end);
        await end.ExecuteNonQueryAsync(leaving).ConfigureAwait(false);
    }

    private async Task WriteAsync(PostgresUnit unit, CancellationToken leaving)
    {
        using var batch = connection.CreateBatch();
        Add(batch, "SAVEPOINT unit");
        batch.BatchCommands.Add(unit.CreateCommand());
        Add(batch, "RELEASE unit");
        var rows = await batch.ExecuteReaderAsync(leaving).ConfigureAwait(false);
        await using var _ = rows.ConfigureAwait(false);
        await ReadAsync(unit, rows, leaving).ConfigureAwait(false);
        await rows.NextResultAsync(leaving).ConfigureAwait(false);
    }

    private static async Task ReadAsync(PostgresUnit unit, NpgsqlDataReader rows, CancellationToken leaving)
    {
        if (!await rows.ReadAsync(leaving).ConfigureAwait(false)) throw new InvalidOperationException("A write returned no row.");
        unit.Read(rows);
    }

    private void AddCommit(NpgsqlBatch batch)
    {
        if (counting is not null)
        {
            var moves = new NpgsqlBatchCommand(WriteMoves);
            moves.Parameters.Text(counting);
            batch.BatchCommands.Add(moves);
        }

        Add(batch, "COMMIT");
    }

    private async Task RunAsync(string sql, CancellationToken leaving)
    {
        using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(leaving).ConfigureAwait(false);
    }

    private static void Add(NpgsqlBatch batch, string sql) => batch.BatchCommands.Add(new NpgsqlBatchCommand(sql));
}
