using System.Collections.Immutable;
using Vsmtp.Storage.Tests.Crash;

namespace Vsmtp.Storage.Tests.Postgres;

/// <summary>Real processes on one store, killed one after another, while a silo that lives on recovers what they leave.</summary>
public sealed class PostgresSilosCrashTests
{
    private const int Kills = 6;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_killed_silos_were_busy_with_is_recovered_after_their_last_write_and_what_the_living_have_never()
    {
        var server = await PostgresServer.ShareAsync();
        var database = await server.TakeDatabaseAsync();
        var seed = Random.Shared.Next(1_000_000);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(Cancel);

        // All of them begin on an empty database.
        var writing = Enumerable.Range(0, Kills).Select(number => WriterProcess.RunUntilAsync(
            $"postgres:{server.Port}:{database}:Shared", seed + number, afterLines: 20 + (60 * number), static child => child.Kill())).ToArray();
        await using (var silo = await Silo.StartAsync(server, database))
        {
            var recovering = RecoverUntilAsync(silo, ended.Token);
            var lines = await Task.WhenAll(writing);
            await ended.CancelAsync();
            var recovered = await recovering;

            await RecoverAllAsync(silo);
            foreach (var mail in lines.SelectMany(Said.Last)) await mail.Value.CheckAsync(silo.Store, $"seed {seed}");
            var versions = await RecoveredAsync(silo);
            Assert.NotEmpty(recovered);
            Assert.All(recovered, mail => Assert.Equal(mail.Value, versions[mail.Key]));
            var counts = await silo.Store.Queries.CountAsync(Cancel);
            Assert.Equal(counts["total/accepted"], counts.Where(one => !one.Key.StartsWith("total/", StringComparison.Ordinal)).Sum(one => one.Value)
                + counts["total/delivered"] + counts["total/bounced"] + counts["total/removed"]);
        }

        await server.GiveBackAsync(database);
    }

    /// <summary>Looks without a pause; what was recovered, with the version that it had then.</summary>
    private static async Task<Dictionary<string, long>> RecoverUntilAsync(Silo silo, CancellationToken ended)
    {
        var recovered = new Dictionary<string, long>();
        while (!ended.IsCancellationRequested)
        {
            if (await silo.RecoverAsync() == 0) continue;
            foreach (var (id, version) in await RecoveredAsync(silo)) recovered.TryAdd(id, version);
        }

        return recovered;
    }

    private static async Task RecoverAllAsync(Silo silo)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await BusyAsync() > 0)
        {
            await silo.RecoverAsync();
            await Task.Delay(10, patience.Token);
        }

        Task<long> BusyAsync() => silo.Store.Reads.FindAsync(
            "SELECT count(*) FROM mail WHERE busy_by <> $1", to => to.Add(new() { Value = silo.Name }), static row => row.GetInt64(0), Cancel);
    }

    private static async Task<ImmutableDictionary<string, long>> RecoveredAsync(Silo silo)
    {
        var rows = await silo.Store.Reads.ListAsync(
            "SELECT id, version FROM mail WHERE busy_by = $1",
            to => to.Add(new() { Value = silo.Name }),
            static row => KeyValuePair.Create(row.GetString(0), row.GetInt64(1)),
            Cancel);
        return rows.ToImmutableDictionary();
    }
}
