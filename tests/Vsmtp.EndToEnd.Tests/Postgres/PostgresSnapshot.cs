using Npgsql;
using Vsmtp.EndToEnd.Tests.Killing;

namespace Vsmtp.EndToEnd.Tests.Postgres;

/// <summary>What a store in PostgreSQL says at one moment, whoever works on it.</summary>
internal static class PostgresSnapshot
{
    public static async Task<StoreSnapshot> TakeAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
        var queues = await SelectAsync(connection, "SELECT id, queue FROM vsmtp.mail WHERE queue <> 'withdrawn'", row => row.GetString(1));
        var counters = await SelectAsync(connection, "SELECT name, sum(value)::bigint FROM vsmtp.counter GROUP BY name", row => row.GetInt64(1));
        return new StoreSnapshot("ok", queues, counters);
    }

    private static async Task<Dictionary<string, T>> SelectAsync<T>(NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var row = await command.ExecuteReaderAsync();
        var rows = new Dictionary<string, T>();
        while (await row.ReadAsync()) rows.Add(row.GetString(0), read(row));
        return rows;
    }
}
