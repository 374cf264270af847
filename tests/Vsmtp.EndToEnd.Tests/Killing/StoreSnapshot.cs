using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Vsmtp.EndToEnd.Tests.Killing;

/// <summary>What the store's files say while no server runs; read from a copy, so that the next server finds what the last one left.</summary>
internal sealed record StoreSnapshot(string Integrity, IReadOnlyDictionary<string, string> QueueOf)
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

    private static StoreSnapshot Read(string path)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        using var check = connection.CreateCommand();
        check.CommandText = "PRAGMA integrity_check";
        var integrity = (string)check.ExecuteScalar()!;
        using var select = connection.CreateCommand();
        select.CommandText = "SELECT id, queue FROM mail";
        using var rows = select.ExecuteReader();
        var queues = new Dictionary<string, string>();
        while (rows.Read()) queues.Add(rows.GetString(0), rows.GetString(1));
        return new StoreSnapshot(integrity, queues);
    }
}
