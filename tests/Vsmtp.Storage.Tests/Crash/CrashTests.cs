using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Mail;
using Vsmtp.Contracts.Queues;
using Vsmtp.Storage.Sqlite;
using Vsmtp.Storage.Tests.Sqlite;

namespace Vsmtp.Storage.Tests.Crash;

/// <summary>250 means durable (design rule 1): what was said to be committed is there after kill -9.</summary>
public sealed class CrashTests : IDisposable
{
    private const int Kills = 25;

    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File("vsmtp.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Everything_that_was_said_to_be_committed_survives_kill_9_at_any_point()
    {
        var random = new Random();
        var seed = random.Next(1_000_000);
        var said = new Dictionary<string, Said>();
        for (var kill = 0; kill < Kills; kill++)
        {
            var lines = await WriterProcess.RunUntilAsync(Path, seed + kill, afterLines: random.Next(1, 120), child => child.Kill());
            var fresh = Said.Last(lines);
            foreach (var (id, mail) in fresh) said[id] = mail;
            await CheckAsync(fresh.Values, $"seed {seed}, kill {kill}");
        }

        await CheckAsync(said.Values, $"seed {seed}, at the end");
        Assert.True(said.Count >= Kills, $"{said.Count} mails were written.");
    }

    private async Task CheckAsync(IEnumerable<Said> said, string when)
    {
        await using var store = SqliteStore.Open(new SqliteStoreOptions { Path = Path }, StoreIncarnation.Create(), TimeProvider.System, NullLoggerFactory.Instance);
        Assert.Equal("ok", await TextAsync(store, "PRAGMA integrity_check"));
        foreach (var mail in said) await mail.CheckAsync(store, when);
        await CheckGaugesAsync(store, when);
        Assert.Equal("0", await TextAsync(store, """
            SELECT count(*) FROM mail WHERE ended_at IS NULL
            AND NOT EXISTS (SELECT 1 FROM content WHERE content.key = mail.content AND content.mail_id = mail.id AND is_complete)
            """));
        var busy = long.Parse((await TextAsync(store, "SELECT count(*) FROM mail WHERE busy_by IS NOT NULL"))!);
        Assert.Equal(busy, await store.WakeUps.RecoverAsync(CancellationToken.None));
    }

    private static async Task CheckGaugesAsync(SqliteStore store, string when)
    {
        var rows = await store.Writes.RunAsync(writer =>
        {
            var counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
            using var row = writer.Use("SELECT queue, count(*) FROM mail WHERE ended_at IS NULL GROUP BY queue");
            while (row.Step()) counts[row.Text(0)] = row.Number(1);
            return counts;
        });
        var counts = await store.Queries.CountAsync(CancellationToken.None);
        foreach (var (queue, count) in rows) Assert.True(counts[queue] == count, $"{when}: {queue} has {count} and counts {counts[queue]}.");
        Assert.Equal(counts["total/accepted"], rows.Values.Sum() + counts["total/delivered"] + counts["total/bounced"] + counts["total/removed"]);
    }

    private static Task<string?> TextAsync(SqliteStore store, string sql) => store.Writes.RunAsync(writer =>
    {
        using var row = writer.Use(sql);
        return row.Step() ? row.TextOrNull(0) : null;
    });
}
