using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Vsmtp.Storage.Postgres;
using Vsmtp.Storage.Tests.Crash;

namespace Vsmtp.Storage.Tests.Postgres;

/// <summary>250 means durable (design rule 1), whichever of the two processes is killed.</summary>
public sealed class PostgresCrashTests
{
    [Fact]
    public Task Everything_that_was_said_to_be_committed_survives_kill_9_of_the_program() =>
        KillAsync(kills: 8, (child, _) => child.Kill(), _ => Task.CompletedTask);

    [Fact]
    public Task Everything_that_was_said_to_be_committed_survives_kill_9_of_the_database() =>
        KillAsync(kills: 5, static (_, server) => server.Kill(), static server => server.StartAsync());

    private static async Task KillAsync(int kills, Action<Process, PostgresServer> kill, Func<PostgresServer, Task> mend)
    {
        await using var server = await PostgresServer.StartNewAsync();
        var database = await server.TakeDatabaseAsync();
        var random = new Random();
        var seed = random.Next(1_000_000);
        var said = new Dictionary<string, Said>();
        for (var round = 0; round < kills; round++)
        {
            var lines = await WriterProcess.RunUntilAsync(
                $"postgres:{server.Port}:{database}:{ClaimMode.Exclusive}", seed + round, afterLines: random.Next(1, 120), child => kill(child, server));
            await mend(server);
            var fresh = Said.Last(lines);
            foreach (var (id, mail) in fresh) said[id] = mail;
            await CheckAsync(server.Port, database, fresh.Values, $"seed {seed}, kill {round}");
        }

        await CheckAsync(server.Port, database, said.Values, $"seed {seed}, at the end");
        Assert.True(said.Count >= kills, $"{said.Count} mails were written.");
    }

    private static async Task CheckAsync(int port, string database, IEnumerable<Said> said, string when)
    {
        var options = PostgresUnderTest.OptionsOf(port, database);
        using var claim = PostgresClaim.Acquire(options, ClaimMode.Exclusive);
        await using var store = PostgresStore.Open(options, claim, NullLoggerFactory.Instance);
        foreach (var mail in said) await mail.CheckAsync(store, when);
        var rows = await store.Reads.ListAsync(
            "SELECT queue, count(*) FROM mail WHERE ended_at IS NULL GROUP BY queue",
            bind: null,
            static row => (Queue: row.GetString(0), Count: row.GetInt64(1)),
            CancellationToken.None);
        var counts = await store.Queries.CountAsync(CancellationToken.None);
        foreach (var (queue, count) in rows) Assert.True(counts[queue] == count, $"{when}: {queue} has {count} and counts {counts[queue]}.");
        Assert.Equal(counts["total/accepted"], rows.Sum(row => row.Count) + counts["total/delivered"] + counts["total/bounced"] + counts["total/removed"]);
        Assert.Equal(0, await NumberAsync(store, """
            SELECT count(*) FROM mail WHERE ended_at IS NULL
            AND NOT EXISTS (SELECT 1 FROM content WHERE content.key = mail.content AND content.mail_id = mail.id AND is_complete)
            """));
        Assert.Equal(await NumberAsync(store, "SELECT count(*) FROM mail WHERE busy_by IS NOT NULL"), await store.WakeUps.RecoverAsync(CancellationToken.None));
    }

    private static Task<long> NumberAsync(PostgresStore store, string sql) =>
        store.Reads.FindAsync(sql, bind: null, static row => row.GetInt64(0), CancellationToken.None);
}
