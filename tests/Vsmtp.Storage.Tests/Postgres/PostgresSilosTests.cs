using Npgsql;
using Orleans;
using Vsmtp.Contracts.Mail;
using Vsmtp.Contracts.Queues;
using Vsmtp.Storage.Postgres;
using Vsmtp.Storage.Postgres.Mails;

namespace Vsmtp.Storage.Tests.Postgres;

/// <summary>Several processes on one store: what an ended one left goes on, what a living one has is its own.</summary>
public sealed class PostgresSilosTests : IAsyncLifetime
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private readonly List<Silo> _silos = [];
    private PostgresServer _server = null!;
    private string _database = "";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await PostgresServer.ShareAsync();
        _database = await _server.TakeDatabaseAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _silos) await silo.DisposeAsync();
        await _server.GiveBackAsync(_database);
    }

    [Fact]
    public async Task What_an_ended_silo_was_busy_with_goes_on_and_what_a_living_one_has_is_left_alone()
    {
        var (first, second, third) = (await StartAsync(), await StartAsync(), await StartAsync());
        var ended = await first.TakeMailAsync();
        var living = await second.TakeMailAsync();
        Assert.Equal(0, await third.RecoverAsync());
        await first.EndAsync();

        Assert.Equal(1, await third.RecoverAsync());

        Assert.Equal((third.Name, true), await LookAsync(ended));
        Assert.Equal((second.Name, false), await LookAsync(living));
        Assert.Equal(0, await second.RecoverAsync());
        Assert.Equal([new DueMail(ended, "1", third.Name)], await third.Store.WakeUps.ClaimDueAsync(10, Lease, Cancel));
    }

    [Fact]
    public async Task A_silo_that_hangs_can_be_ended_by_another_and_no_other_is()
    {
        var (hanging, other, ending) = (await StartAsync(), await StartAsync(), await StartAsync());
        await hanging.TakeMailAsync();
        await other.TakeMailAsync();

        Assert.Equal(3, await ending.Store.Incarnations.EndAsync(hanging.Name, Cancel));

        await Task.Delay(TimeSpan.FromSeconds(20), hanging.Lost).ContinueWith(lost => Assert.True(lost.IsCanceled), Cancel);
        await PostgresUnderTest.AwaitEndAsync(_server, _database, hanging.Incarnation);
        Assert.Equal(1, await ending.RecoverAsync());
        Assert.False(other.Lost.IsCancellationRequested);
        Assert.Equal(0, await ending.Store.Incarnations.EndAsync(hanging.Name, Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => ending.Store.Incarnations.EndAsync(ending.Name, Cancel));
    }

    [Fact]
    public async Task Nothing_is_recovered_while_a_session_that_may_still_write_for_the_ended_silo_lives()
    {
        var (first, second) = (await StartAsync(), await StartAsync());
        await first.TakeMailAsync(DateTimeOffset.UtcNow);
        await using var lingering = new NpgsqlConnection(_server.ConnectionString(_database));
        await lingering.OpenAsync(Cancel);
        IncarnationLock.Hold(lingering, first.Incarnation);
        await first.DisposeAsync();
        await Task.Delay(200, Cancel);

        Assert.Equal(0, await second.RecoverAsync());
        Assert.Empty(await second.Store.WakeUps.ClaimDueAsync(10, Lease, Cancel));
        await lingering.CloseAsync();
        await PostgresUnderTest.AwaitEndAsync(_server, _database, first.Incarnation);

        Assert.Equal(1, await second.RecoverAsync());
    }

    [Theory]
    [InlineData("claim")]
    [InlineData("writer")]
    [InlineData("content writer")]
    public async Task Each_session_that_may_act_for_a_silo_keeps_it_alive_on_its_own(string kept)
    {
        var (first, second) = (await StartAsync(), await StartAsync());
        await first.TakeMailAsync();
        string[] all = ["claim", "writer", "content writer"];
        foreach (var other in all.Where(one => one != kept)) await TerminateAsync(first, other);

        Assert.Equal(0, await second.RecoverAsync());
        await TerminateAsync(first, kept);
        await PostgresUnderTest.AwaitEndAsync(_server, _database, first.Incarnation);

        Assert.Equal(1, await second.RecoverAsync());
    }

    [Theory]
    [InlineData("read committed")]
    [InlineData("serializable")]
    public async Task Silos_that_recover_at_the_same_time_share_the_mails_and_each_is_recovered_once(string isolation)
    {
        await using var _ = await _server.PreferAsync(_database, isolation);
        var dead = new[] { await StartAsync(), await StartAsync(), await StartAsync() };
        foreach (var silo in dead) await Task.WhenAll(Enumerable.Range(0, 100).Select(mail => silo.TakeMailAsync()));
        var living = new[] { await StartAsync(), await StartAsync(), await StartAsync(), await StartAsync() };
        foreach (var silo in dead) await silo.EndAsync();

        var counts = await Task.WhenAll(living.Select(async silo =>
        {
            var count = 0;
            for (var look = 0; look < 20; look++) count += await silo.RecoverAsync();
            return count;
        }));

        Assert.Equal(300, counts.Sum());
        Assert.Equal(0, await NumberAsync($"SELECT count(*) FROM mail WHERE busy_by NOT IN ({string.Join(", ", living.Select(silo => $"'{silo.Name}'"))})"));
    }

    [Fact]
    public async Task A_due_mail_of_another_living_silo_is_left_to_that_silos_sweep()
    {
        var (first, second) = (await StartAsync(), await StartAsync());
        var due = DateTimeOffset.UtcNow.AddSeconds(-1);
        var ids = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => first.TakeMailAsync(due)));
        var own = await second.TakeMailAsync(due);

        Assert.Equal([new DueMail(own, "1", second.Name)], await second.Store.WakeUps.ClaimDueAsync(10, Lease, Cancel));
        Assert.Equal(10, (await first.Store.WakeUps.ClaimDueAsync(10, Lease, Cancel)).Length);
        await first.EndAsync();

        var left = await second.Store.WakeUps.ClaimDueAsync(100, Lease, Cancel);
        Assert.Equal(10, left.Length);
        Assert.All(left, mail => Assert.Equal(first.Name, mail.BusyBy));
        Assert.Subset(ids.ToHashSet(), left.Select(mail => mail.MailId).ToHashSet());
    }

    [Fact]
    public async Task A_recovery_leaves_the_version_alone_and_takes_nothing_that_another_grain_has_written_meanwhile()
    {
        var (first, second, third) = (await StartAsync(), await StartAsync(), await StartAsync());
        var id = await first.TakeMailAsync();
        await first.EndAsync();
        var state = new GrainState<MailState>();
        await second.Store.GrainStates.ReadStateAsync(MailStateStorage.StateName, Orleans.Runtime.GrainId.Create("mail", id), state);
        Assert.Equal(1, await third.RecoverAsync());

        await second.WriteAsync(id, state);

        Assert.Equal((second.Name, false), await LookAsync(id));
        Assert.Equal(0, await third.RecoverAsync());
    }

    [Fact]
    public async Task Counters_of_ended_silos_become_one_row_and_those_of_living_ones_stay_while_sums_are_right_at_any_moment()
    {
        var living = await StartAsync();
        await living.TakeMailAsync();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var writing = WriteUntilAsync(living, enough.Token);
        var watching = WatchSumsAsync(living, enough.Token);
        for (var round = 0; round < 5; round++)
        {
            var silos = await Task.WhenAll(StartAsync(), StartAsync(), StartAsync());
            foreach (var silo in silos) await silo.TakeMailAsync();
            foreach (var silo in silos) await silo.EndAsync();
        }

        var last = await Task.WhenAll(StartAsync(), StartAsync(), StartAsync());
        await enough.CancelAsync();
        var written = await writing;
        Assert.True(await watching > 0);

        // Two that folded at once may have seen each other's look; then the one that opens next finds the rest.
        var final = await StartAsync();
        Assert.Equal(0, await NumberAsync($"SELECT count(*) FROM counter WHERE process NOT IN ('', '{living.Name}')"));
        Assert.Equal(16 + written, (await final.Store.Queries.CountAsync(Cancel))["total/accepted"]);
        Assert.Equal(1 + written, await NumberAsync($"SELECT value FROM counter WHERE process = '{living.Name}' AND name = 'total/accepted'"));
        Assert.NotEmpty(last);
    }

    [Fact]
    public async Task Sweep_and_recovery_go_by_their_indexes_however_many_mails_sleep()
    {
        var silo = await StartAsync();
        await _server.RunAsync(_database, $"""
            INSERT INTO vsmtp.mail (id, version, queue, phase, wake_at, busy_by, rule_set, sender, recipients, subject, bytes, since,
              attempts, reason, events, state)
            SELECT 'm-' || n, 1, 'deferred', 'Deferred', vsmtp.store_now() + 3600000000 + n, CASE WHEN n % 50 = 0 THEN '{silo.Name}' END, '',
              'john@doe.example', '[]', '', 0, n, 0, '', 0, repeat('x', 500) FROM generate_series(1, 20000) n
            """);
        await _server.RunAsync(_database, "ANALYZE vsmtp.mail");
        await silo.TakeMailAsync(DateTimeOffset.UtcNow);

        var sweep = (PostgresWakeUps)silo.Store.WakeUps;
        await AssertPlanAsync(sweep.Recover, to => to.Text(silo.Name), "mail_busy");
        await AssertPlanAsync(sweep.Claim, to => to.Number(100).Number(30_000_000).Text(silo.Name), "mail_wake");

        async Task AssertPlanAsync(string sql, Action<NpgsqlParameterCollection> bind, string index)
        {
            var plan = string.Join('\n', await silo.Store.Reads.ListAsync($"EXPLAIN {sql}", bind, static row => row.GetString(0), Cancel));
            Assert.Contains(index, plan, StringComparison.Ordinal);
            Assert.False(plan.Contains("Seq Scan on mail", StringComparison.Ordinal), plan);
        }
    }

    private async Task<Silo> StartAsync()
    {
        var silo = await Silo.StartAsync(_server, _database);
        lock (_silos) _silos.Add(silo);
        return silo;
    }

    private static async Task<int> WriteUntilAsync(Silo silo, CancellationToken enough)
    {
        for (var written = 0; ; written++)
        {
            if (enough.IsCancellationRequested) return written;
            await silo.TakeMailAsync();
        }
    }

    /// <summary>Mails in queues and mails accepted move in one transaction: no reading ever finds them apart.</summary>
    private static async Task<int> WatchSumsAsync(Silo silo, CancellationToken enough)
    {
        for (var looks = 0; ; looks++)
        {
            if (enough.IsCancellationRequested) return looks;
            var counts = await silo.Store.Queries.CountAsync(Cancel);
            Assert.Equal(counts["total/accepted"], counts["working"]);
        }
    }

    private async Task TerminateAsync(Silo silo, string purpose)
    {
        // Sessions of one process have one name; those of one silo are told apart by the lock that they hold.
        await _server.RunAsync(_database, $"""
            SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = current_database()
            AND application_name LIKE '%:{Environment.ProcessId} {purpose}'
            AND pid IN (SELECT pid FROM pg_locks, hashtextextended('{silo.Name}', 0) h WHERE locktype = 'advisory' AND objsubid = 2
              AND classid = ((h >> 32) & 4294967295)::oid AND objid = (h & 4294967295)::oid)
            """);
    }

    private async Task<(string? BusyBy, bool IsDue)> LookAsync(string id)
    {
        var row = await _silos[^1].Store.Reads.ListAsync(
            $"SELECT busy_by, wake_at <= store_now() FROM mail WHERE id = '{id}'",
            bind: null,
            static row => (row.IsDBNull(0) ? null : row.GetString(0), row.GetBoolean(1)),
            Cancel);
        return row.Single();
    }

    private Task<long> NumberAsync(string sql) =>
        _silos[^1].Store.Reads.FindAsync(sql, bind: null, static row => row.GetInt64(0), Cancel);
}
