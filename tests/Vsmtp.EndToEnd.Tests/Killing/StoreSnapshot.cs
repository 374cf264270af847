using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Vsmtp.EndToEnd.Tests.Killing;

/// <summary>What the store's files say while no server runs; read from a copy, so that the next server finds what the last one left.</summary>
internal sealed record StoreSnapshot(
    string Integrity, IReadOnlyDictionary<string, string> QueueOf, IReadOnlyDictionary<string, long> Counters)
{
    static StoreSnapshot() => Batteries_V2.Init();

    /// <summary>Mails whose delivery may have been under way.</summary>
    public HashSet<string> Delivering => [.. QueueOf.Where(mail => mail.Value is "deliver" or "deferred").Select(mail => mail.Key)];

    public static StoreSnapshot Take(string path)
    {
        var folder = Directory.CreateTempSubdirectory("vsmtp-e2e-copy-").FullName;
        try
        {
            foreach (var file in (string[])[path, path + "-wal"])
            {
                if (File.Exists(file)) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
            }

            return Read(Path.Combine(folder, Path.GetFileName(path)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Counters say what the mails themselves say (design rule 2).</summary>
    public void AssertCountersAddUp()
    {
        // Of a mail that was withdrawn only a mark is left.
        var rows = QueueOf.Values.Where(queue => queue != "withdrawn").GroupBy(queue => queue).ToDictionary(group => group.Key, group => (long)group.Count());
        Assert.Equal(rows.Values.Sum() - rows.GetValueOrDefault("offered"), Counters.GetValueOrDefault("total/accepted"));
        Assert.Equal(rows.GetValueOrDefault("delivered"), Counters.GetValueOrDefault("total/delivered"));
        Assert.Equal(rows.GetValueOrDefault("bounced"), Counters.GetValueOrDefault("total/bounced"));
        var queues = Counters.Where(counter => counter.Value != 0 && !counter.Key.StartsWith("total/", StringComparison.Ordinal));
        Assert.Equal(rows.Where(row => row.Key is not ("delivered" or "bounced")).OrderBy(row => row.Key), queues.OrderBy(counter => counter.Key));
    }

    private static StoreSnapshot Read(string path)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        return new StoreSnapshot(
            Select(connection, "PRAGMA integrity_check", row => row.GetString(0)).Single(),
            Select(connection, "SELECT id, queue FROM mail", row => KeyValuePair.Create(row.GetString(0), row.GetString(1))).ToDictionary(),
            Select(connection, "SELECT name, sum(value) FROM counter GROUP BY name", row => KeyValuePair.Create(row.GetString(0), row.GetInt64(1)))
                .ToDictionary());
    }

    private static List<T> Select<T>(SqliteConnection connection, string sql, Func<SqliteDataReader, T> read)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // every query is a constant of this file
        command.CommandText = sql;
#pragma warning restore CA2100
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read()) rows.Add(read(reader));
        return rows;
    }
}
