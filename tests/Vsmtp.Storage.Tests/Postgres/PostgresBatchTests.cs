using Npgsql;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Mail;
using Vsmtp.Storage.Tests.Contract;

namespace Vsmtp.Storage.Tests.Postgres;

/// <summary>Units that are one batch, since the one before it waits for a row that the test holds.</summary>
public sealed class PostgresBatchTests() : StoreContract(new PostgresUnderTest())
{
    private PostgresUnderTest Postgres => (PostgresUnderTest)Store;

    [Fact]
    public async Task Of_a_batch_each_unit_that_fails_fails_alone_for_its_own_reason_and_all_others_are_one_commit()
    {
        var held = NewId();
        var holding = await AcceptAsync(held, await NewMailAsync());
        var (ended, stale, changed) = (NewId(), NewId(), NewId());
        var end = await AcceptAsync(ended, await NewMailAsync());
        await ChangeAsync(ended, end, Delivered);
        var first = await AcceptAsync(stale, await NewMailAsync());
        var second = new GrainState<MailState>(first.State!, first.ETag);
        var change = await AcceptAsync(changed, await NewMailAsync());
        var missing = await NewMailAsync() with { NewContents = [] };
        var fresh = await NewMailAsync();
        var bytes = await StageAsync(Bytes(300_000));
        var before = await Store.Queries.CountAsync(Cancel);

        Task[] good, bad;
        long commits;
        await using (var other = await OpenAsync())
        await using (var hold = await HoldAsync(other, held))
        {
            commits = Postgres.Store.Writes.Commits;
            var waiting = ChangeAsync(held, holding, Deferred);
            await AwaitWriterAsync();
            var wins = ChangeAsync(stale, first, Deferred);
            var loses = ChangeAsync(stale, second, Delivered);
            var comesBack = ChangeAsync(ended, end, state => state with { Phase = MailPhase.Working });
            var hasNoBytes = AcceptAsync(NewId(), missing);
            var takesBytes = AcceptAsync(NewId(), NewMail(bytes));
            var isNew = AcceptAsync(NewId(), fresh);
            var twice = AcceptAsync(NewId(), fresh);
            var leaves = ChangeAsync(changed, change, Delivered);
            good = [waiting, wins, takesBytes, isNew, leaves];
            bad = [loses, comesBack, hasNoBytes, twice];
            await hold.CommitAsync(Cancel);
        }

        await Task.WhenAll(good);
        Assert.Equal(first.ETag, (await Assert.ThrowsAsync<InconsistentStateException>(() => bad[0])).StoredEtag);
        await Assert.ThrowsAsync<InvalidOperationException>(() => bad[1]);
        Assert.Contains(missing.Content!.Key, (await Assert.ThrowsAsync<ContentMissingException>(() => bad[2])).Message, StringComparison.Ordinal);
        Assert.Equal(PostgresErrorCodes.UniqueViolation, (await Assert.ThrowsAsync<PostgresException>(() => bad[3])).SqlState);
        Assert.Equal(2, Postgres.Store.Writes.Commits - commits);

        var counts = await Store.Queries.CountAsync(Cancel);
        Assert.Equal(before["total/accepted"] + 2, counts["total/accepted"]);
        Assert.Equal(before["working"] + 2 - 3, counts["working"]);
        Assert.Equal(before["deferred"] + 2, counts["deferred"]);
        Assert.Equal(before["total/delivered"] + 1, counts["total/delivered"]);
        foreach (var (queue, count) in await Store.CountRowsAsync()) Assert.Equal(count, counts[queue]);
        Assert.Equal(["accepted", "deferred"], await HistoryAsync(stale));
        Assert.Equal(Bytes(300_000), await ReadAsync(bytes.Id));
    }

    [Fact]
    public async Task A_batch_that_the_server_refuses_to_commit_is_written_unit_by_unit()
    {
        var held = NewId();
        var holding = await AcceptAsync(held, await NewMailAsync());
        // What no unit is told while it runs: the fault of one comes with COMMIT.
        await Postgres.Server.RunAsync(Postgres.Options.Database, """
            CREATE FUNCTION vsmtp.refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''not so''; END';
            CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON vsmtp.mail DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW WHEN (new.subject = 'refused') EXECUTE FUNCTION vsmtp.refuse()
            """);
        var mails = new List<MailState>();
        for (var i = 0; i < 5; i++) mails.Add(await NewMailAsync() with { Subject = i == 2 ? "refused" : "taken" });

        Task[] writes;
        await using (var other = await OpenAsync())
        await using (var hold = await HoldAsync(other, held))
        {
            var waiting = ChangeAsync(held, holding, Deferred);
            await AwaitWriterAsync();
            writes = [.. mails.Select(mail => AcceptAsync(NewId(), mail)), waiting];
            await hold.CommitAsync(Cancel);
        }

        Assert.Contains("not so", (await Assert.ThrowsAsync<PostgresException>(() => writes[2])).Message, StringComparison.Ordinal);
        await Task.WhenAll(writes.Where((_, i) => i != 2));
        Assert.Equal(4, (await Store.Queries.CountAsync(Cancel))["working"]);
    }

    [Fact]
    public async Task Plans_that_were_made_over_empty_tables_do_not_read_the_tables_when_these_are_full()
    {
        // A vacuum says that they are empty; to read all of an empty table costs least.
        await Postgres.Server.RunAsync(Postgres.Options.Database, "VACUUM vsmtp.mail");
        await Postgres.Server.RunAsync(Postgres.Options.Database, "VACUUM vsmtp.content");
        await Postgres.Server.RunAsync(Postgres.Options.Database, "VACUUM vsmtp.content_chunk");
        await Store.RestartAsync();
        var before = await CountScansAsync();
        for (var i = 0; i < 20; i++)
        {
            var id = NewId();
            var mail = await AcceptAsync(id, i % 2 == 0 ? await NewMailAsync() : NewMail(await StageAsync(Bytes(70_000))));
            await ReadMailAsync(id);
            await ReadAsync(mail.State!.Content!);
            await ChangeAsync(id, mail, Delivered);
        }

        await Postgres.CloseAsync();   // a session's last figures come with its end
        Assert.Equal(before, await CountScansAsync());
    }

    private static MailState Deferred(MailState state) => state with { Phase = MailPhase.Deferred, NewEvents = [Event(state, "deferred")] };

    private static MailState Delivered(MailState state) => state with { Phase = MailPhase.Delivered, NewEvents = [Event(state, "delivered")] };

    private static MailEvent Event(MailState state, string what) => new(state.Since, "node-1", what, "because", null, null);

    /// <summary>A write of this mail waits until the transaction ends.</summary>
    private static async Task<NpgsqlTransaction> HoldAsync(NpgsqlConnection other, string id)
    {
        var transaction = await other.BeginTransactionAsync(Cancel);
        await using var hold = new NpgsqlCommand("SELECT 1 FROM vsmtp.mail WHERE id = $1 FOR UPDATE", other) { Parameters = { new() { Value = id } } };
        await hold.ExecuteNonQueryAsync(Cancel);
        return transaction;
    }

    private async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(Postgres.Server.ConnectionString(Postgres.Options.Database));
        await connection.OpenAsync(Cancel);
        return connection;
    }

    private async Task AwaitWriterAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await NumberAsync("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") == 0)
            await Task.Delay(5, patience.Token);
    }

    private Task<long> CountScansAsync() => NumberAsync(
        "SELECT sum(seq_scan)::bigint FROM pg_stat_user_tables WHERE relname IN ('mail', 'content', 'content_chunk')");

    private async Task<long> NumberAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await using var ask = new NpgsqlCommand(sql, connection);
        return (long)(await ask.ExecuteScalarAsync(Cancel))!;
    }
}
