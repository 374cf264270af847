using Npgsql;
using Vsmtp.Storage.Postgres.Cluster;

namespace Vsmtp.Storage.Tests.Postgres.Cluster;

public sealed class ClusterTablesTests : ClusterContract
{
    [Fact]
    public void Every_query_that_the_providers_look_up_is_there_and_no_other()
    {
        string[] expected =
        [
            "GatewaysQueryKey", "MembershipReadRowKey", "MembershipReadAllKey", "InsertMembershipVersionKey", "UpdateIAmAlivetimeKey",
            "InsertMembershipKey", "UpdateMembershipKey", "DeleteMembershipTableEntriesKey", "CleanupDefunctSiloEntriesKey",
            "ReadFromStorageKey", "WriteToStorageKey", "ClearStorageKey", "DeleteStorageKey",
            "ReadReminderRowsKey", "ReadRangeRows1Key", "ReadRangeRows2Key", "ReadReminderRowKey", "UpsertReminderRowKey",
            "DeleteReminderRowKey", "DeleteReminderRowsKey",
        ];

        Assert.Equal(expected.Order(), Queries.Keys.Order());
    }

    [Fact]
    public async Task Any_number_of_processes_may_prepare_an_empty_database_at_once_and_again()
    {
        await RunAsync("DROP SCHEMA vsmtp_cluster CASCADE");

        await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Run(() => ClusterTables.Prepare(Options))));
        ClusterTables.Prepare(Options);

        var again = await ProviderQueries.LoadAsync(Options, ClusterUse.Reminders);
        Assert.Equal(Queries.Keys, again.Keys);
    }

    [Fact]
    public async Task A_schema_of_a_newer_program_is_refused_untouched()
    {
        await RunAsync("INSERT INTO vsmtp_cluster.schema_version VALUES (9999, '9999-future.sql')");

        var fault = Assert.Throws<StoreUnusableException>(() => ClusterTables.Prepare(Options));

        Assert.Contains("9999", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(PostgresServer.Password, fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_schema_of_another_program_is_refused_untouched()
    {
        await RunAsync("DROP SCHEMA vsmtp_cluster CASCADE; CREATE SCHEMA vsmtp_cluster; CREATE TABLE vsmtp_cluster.theirs (n int)");

        var fault = Assert.Throws<StoreUnusableException>(() => ClusterTables.Prepare(Options));

        Assert.Contains("another program", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_database_that_refuses_is_explained_without_its_password()
    {
        var fault = Assert.Throws<StoreUnusableException>(() => ClusterTables.Prepare(Options with { Database = "no_such_database" }));

        Assert.Contains("does not exist", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(PostgresServer.Password, fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Each_provider_has_a_pool_of_its_own_on_the_sites_database()
    {
        var options = Options with { Parameters = Options.Parameters.Add("sslmode", "require").Add("connect_timeout", "7") };
        var all = Enum.GetValues<ClusterUse>().Select(use => new NpgsqlConnectionStringBuilder(ClusterTables.ConnectionString(options, use))).ToArray();

        Assert.Equal(3, all.Select(one => one.ConnectionString).Distinct().Count());
        Assert.All(all, one =>
        {
            Assert.Equal((options.Host, options.Port, options.Database, options.User, options.Password),
                (one.Host, one.Port, one.Database, one.Username, one.Password));
            Assert.Equal((SslMode.Require, 7, "vsmtp_cluster", true), (one.SslMode, one.Timeout, one.SearchPath, one.Pooling));
            Assert.StartsWith("vsmtp ", one.ApplicationName, StringComparison.Ordinal);
        });
    }
}
