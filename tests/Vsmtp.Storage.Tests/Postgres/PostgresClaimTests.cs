using Microsoft.Extensions.Logging.Abstractions;
using Vsmtp.Storage.Postgres;
using Vsmtp.Storage.Tests.Contract;

namespace Vsmtp.Storage.Tests.Postgres;

public sealed class PostgresClaimTests() : StoreContract(new PostgresUnderTest())
{
    private PostgresUnderTest Postgres => (PostgresUnderTest)Store;

    [Theory]
    [InlineData(ClaimMode.Exclusive)]
    [InlineData(ClaimMode.Shared)]
    public void A_second_process_is_refused_and_told_who_has_the_store(ClaimMode mode)
    {
        var fault = Assert.Throws<StoreUnusableException>(() => PostgresClaim.Acquire(Postgres.Options, mode));

        Assert.Contains($"in use by vsmtp {Environment.MachineName}:{Environment.ProcessId}", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(PostgresServer.Password, fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silos_of_a_cluster_share_a_store_that_nobody_can_have_alone_meanwhile()
    {
        await Postgres.CloseAsync();
        using var first = PostgresClaim.Acquire(Postgres.Options, ClaimMode.Shared);
        using var second = PostgresClaim.Acquire(Postgres.Options, ClaimMode.Shared);
        await using var one = PostgresStore.Open(Postgres.Options, first, NullLoggerFactory.Instance);
        await using var other = PostgresStore.Open(Postgres.Options, second, NullLoggerFactory.Instance);
        Assert.NotNull(await other.Queries.CountAsync(Cancel));

        Assert.Throws<StoreUnusableException>(() => PostgresClaim.Acquire(Postgres.Options, ClaimMode.Exclusive));
    }

    [Fact]
    public async Task A_subject_that_PostgreSQL_cannot_keep_loses_no_mail()
    {
        var id = NewId();
        await AcceptAsync(id, await NewMailAsync() with { Subject = "a\0b\ud800c", NewEvents = [Event("acc\0pted")] });

        Assert.Equal("a\ufffdb\ufffdc", (await Store.Queries.FindAsync(id, Cancel))!.Summary.Subject);
        Assert.Equal(["acc\ufffdpted"], await HistoryAsync(id));
    }

    [Fact]
    public async Task Writes_that_wait_together_are_committed_together_and_a_bad_one_fails_alone()
    {
        var good = await NewMailAsync();
        var before = Postgres.Store.Writes.Commits;
        var writes = Enumerable.Range(0, 300).Select(i => AcceptAsync(NewId(), i % 10 == 0
            ? good with { NewContents = [] }
            : good with { Original = null, Content = null, NewContents = [] })).ToArray();
        await Assert.ThrowsAsync<Vsmtp.Contracts.Content.ContentMissingException>(() => Task.WhenAll(writes));

        Assert.Equal(270, writes.Count(write => write.IsCompletedSuccessfully));
        Assert.Equal(270, (await Store.Queries.CountAsync(Cancel))["working"]);
        Assert.InRange(Postgres.Store.Writes.Commits - before, 5, 100);
    }

    [Fact]
    public async Task A_schema_of_a_newer_program_is_refused_untouched()
    {
        await Postgres.Server.RunAsync(Postgres.Options.Database, "INSERT INTO vsmtp.schema_version VALUES (9999, '9999-future.sql')");

        var fault = await Assert.ThrowsAsync<StoreUnusableException>(Store.RestartAsync);

        Assert.Contains("9999", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_schema_of_another_program_is_refused_untouched()
    {
        await Postgres.Server.RunAsync(Postgres.Options.Database, "DROP SCHEMA vsmtp CASCADE; CREATE SCHEMA vsmtp; CREATE TABLE vsmtp.theirs (n int)");

        var fault = await Assert.ThrowsAsync<StoreUnusableException>(Store.RestartAsync);

        Assert.Contains("another program", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("wrong", null, "refuses this user")]
    [InlineData(null, "no_such_database", "does not exist")]
    public void A_database_that_cannot_be_opened_is_explained_without_its_password(string? password, string? database, string why)
    {
        var options = Postgres.Options with { Password = password ?? PostgresServer.Password, Database = database ?? Postgres.Options.Database };

        var fault = Assert.Throws<StoreUnusableException>(() => PostgresClaim.Acquire(options, ClaimMode.Exclusive));

        Assert.Contains(why, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(PostgresServer.Password, fault.ToString() + options, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sslmode", "sometimes")]
    [InlineData("log_parameters", "true")]
    public void A_parameter_that_is_not_known_is_refused(string name, string value)
    {
        var options = Postgres.Options with { Parameters = Postgres.Options.Parameters.Add(name, value) };

        Assert.Contains(name, Assert.Throws<StoreUnusableException>(() => PostgresClaim.Acquire(options, ClaimMode.Exclusive)).Message, StringComparison.Ordinal);
    }
}
