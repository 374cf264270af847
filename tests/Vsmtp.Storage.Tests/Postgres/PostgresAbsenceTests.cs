using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Orleans;
using Orleans.Runtime;
using Vsmtp.Contracts.Mail;
using Vsmtp.Contracts.Stores;
using Vsmtp.Storage.Postgres;
using Vsmtp.Storage.Tests.Contract;

namespace Vsmtp.Storage.Tests.Postgres;

/// <summary>A store whose sessions end while its process lives.</summary>
public sealed class PostgresAbsenceTests() : StoreContract(new PostgresUnderTest())
{
    private PostgresUnderTest Postgres => (PostgresUnderTest)Store;

    [Theory]
    [InlineData("claim")]
    [InlineData("writer")]
    [InlineData("content writer")]
    public async Task When_a_session_ends_the_store_is_taken_again_under_another_incarnation_and_writes_go_on(string purpose)
    {
        var before = NewId();
        await AcceptAsync(before, await NewMailAsync() with { IsBusy = true });
        var first = Postgres.Claim.Incarnation;

        await TerminateAsync(purpose);
        // The end of a writer is seen when it writes.
        if (purpose == "writer") await Assert.ThrowsAsync<StoreAwayException>(async () => await AcceptAsync(NewId(), await NewMailAsync()));
        if (purpose == "content writer") await Assert.ThrowsAsync<StoreAwayException>(() => StageAsync(Bytes(300_000)));
        await TakenAgainAsync(first);

        Assert.False(Postgres.Claim.Lost.IsCancellationRequested, Postgres.Claim.Reason);
        await AcceptAsync(NewId(), await NewMailAsync());
        await StageAsync(Bytes(300_000));
        // What the former incarnation was busy with goes on as after a restart.
        Assert.Equal(1, await Store.WakeUps.RecoverAsync(Cancel));
        Assert.Equal(2, (await Store.Queries.CountAsync(Cancel))["total/accepted"]);
    }

    [Fact]
    public async Task A_process_that_waits_for_the_store_gets_it_and_the_one_that_was_cut_off_is_over()
    {
        await using var other = new NpgsqlConnection(Postgres.Server.ConnectionString(Postgres.Options.Database) + ";Application Name=the other;Command Timeout=60");
        await other.OpenAsync(Cancel);
        await using var take = new NpgsqlCommand($"SELECT pg_advisory_lock({0x56534D5450})", other);
        var taken = take.ExecuteNonQueryAsync(Cancel);
        while (await CountWaitingAsync() == 0) await Task.Delay(10, Cancel);

        await TerminateAsync("claim");
        await taken;
        await LostAsync();

        Assert.Contains("the other", Postgres.Claim.Reason, StringComparison.Ordinal);
        await Assert.ThrowsAsync<StoreAwayException>(async () => await AcceptAsync(NewId(), await NewMailAsync()));
        await Assert.ThrowsAsync<StoreAwayException>(() => Store.WakeUps.ClaimDueAsync(10, TimeSpan.FromSeconds(1), Cancel));
    }

    [Fact]
    public async Task A_process_whose_store_another_had_in_between_is_over_though_the_other_has_ended()
    {
        // As an absence during which the other came and went.
        await Postgres.Server.RunAsync(
            Postgres.Options.Database, "UPDATE vsmtp.grain_state SET state = '\"other:1:abc\"' WHERE name = 'store owner'");

        await TerminateAsync("claim");
        await LostAsync();

        Assert.Contains("another process has had it", Postgres.Claim.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silo_of_a_cluster_that_is_cut_off_is_over_and_begins_anew()
    {
        await Postgres.CloseAsync();
        using var claim = PostgresClaim.Acquire(Postgres.Options, ClaimMode.Shared);
        await using var store = PostgresStore.Open(Postgres.Options, claim, NullLoggerFactory.Instance);

        await TerminateAsync("claim");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!claim.Lost.IsCancellationRequested) await Task.Delay(10, patience.Token);

        var state = new GrainState<MailState>(new MailState { Phase = MailPhase.Working });
        await Assert.ThrowsAsync<StoreUnusableException>(
            () => store.GrainStates.WriteStateAsync(MailStateStorage.StateName, GrainId.Create("mail", NewId()), state));
    }

    private Task TerminateAsync(string purpose) => Postgres.Server.RunAsync(
        Postgres.Options.Database,
        $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE '%:{Environment.ProcessId} {purpose}'");

    private async Task<long> CountWaitingAsync()
    {
        await using var connection = new NpgsqlConnection(Postgres.Server.ConnectionString(Postgres.Options.Database));
        await connection.OpenAsync(Cancel);
        await using var count = new NpgsqlCommand(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            connection);
        return (long)(await count.ExecuteScalarAsync(Cancel))!;
    }

    private async Task TakenAgainAsync(StoreIncarnation first)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (Postgres.Claim.Incarnation == first || Postgres.Store.Health.Condition is not StoreCondition.Serving)
            await Task.Delay(10, patience.Token);
    }

    private async Task LostAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!Postgres.Claim.Lost.IsCancellationRequested) await Task.Delay(10, patience.Token);
    }
}
