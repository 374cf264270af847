namespace Vsmtp.Storage.Tests.Postgres.Cluster;

/// <summary>The membership table: every write is a compare-and-swap on the cluster's version, and leaves no trace when it fails.</summary>
public sealed class MembershipQueriesTests : ClusterContract
{
    private const string Cluster = "site";
    private const int Joining = 2;
    private const int Active = 3;
    private const int Dead = 6;

    private static readonly DateTime Start = new(2026, 8, 1, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public async Task The_version_row_is_made_once_and_read_beside_nulls_while_there_is_no_silo()
    {
        Assert.True(await BeginAsync());
        Assert.False(await BeginAsync());

        var row = Assert.Single(await ReadAllAsync());
        Assert.Equal(0, Convert.ToInt32(row["Version"]));
        Assert.Null(row["StartTime"]);
        Assert.Null(Assert.Single(await ReadAsync(1))["StartTime"]);
    }

    [Fact]
    public async Task A_silo_is_read_back_as_it_was_put_with_the_version_of_its_write()
    {
        await BeginAsync();
        Assert.True(await AddAsync(port: 1, version: 0));
        Assert.True(await AddAsync(port: 2, version: 1));

        Assert.Equal(2, (await ReadAllAsync()).Count);
        var row = Assert.Single(await ReadAsync(2));

        Assert.Equal(2, row["Version"]);
        Assert.Equal(("10.0.0.1", 2, 77), ((string)row["Address"]!, (int)row["Port"]!, (int)row["Generation"]!));
        Assert.Equal(("silo-2", "host", Joining, 30002), ((string)row["SiloName"]!, (string)row["HostName"]!, (int)row["Status"]!, (int)row["ProxyPort"]!));
        Assert.Equal((Start, Start.AddSeconds(1)), ((DateTime)row["StartTime"]!, (DateTime)row["IAmAliveTime"]!));
        Assert.Null(row["SuspectTimes"]);
    }

    [Fact]
    public async Task A_write_that_expects_another_version_or_another_row_changes_nothing()
    {
        await BeginAsync();
        Assert.True(await AddAsync(port: 1, version: 0));

        Assert.False(await AddAsync(port: 2, version: 0));
        Assert.False(await AddAsync(port: 1, version: 1));
        Assert.False(await ChangeAsync(port: 1, version: 0, Dead));
        Assert.False(await ChangeAsync(port: 9, version: 1, Dead));

        var row = Assert.Single(await ReadAllAsync());
        Assert.Equal((1, Joining), ((int)row["Version"]!, (int)row["Status"]!));
    }

    [Fact]
    public async Task A_change_sets_status_suspicions_and_life_sign_and_moves_the_version()
    {
        await BeginAsync();
        await AddAsync(port: 1, version: 0);

        Assert.True(await ChangeAsync(port: 1, version: 1, Dead, "10.0.0.2:1@5,2026-08-01 12:00:00.000 GMT", Start.AddSeconds(9)));

        var row = Assert.Single(await ReadAsync(1));
        Assert.Equal((2, Dead), ((int)row["Version"]!, (int)row["Status"]!));
        Assert.Equal("10.0.0.2:1@5,2026-08-01 12:00:00.000 GMT", row["SuspectTimes"]);
        Assert.Equal(Start.AddSeconds(9), row["IAmAliveTime"]);
    }

    [Theory]
    [InlineData("read committed")]
    [InlineData("serializable")]
    public async Task Of_writes_at_once_that_expect_one_version_exactly_one_is_applied(string isolation)
    {
        await using var _ = await PreferAsync(isolation);
        await BeginAsync();
        for (var version = 0; version < 10; version++)
        {
            var applied = await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => AddAsync(port: (version * 8) + writer + 1, version)));
            Assert.Single(applied, one => one);
        }

        var rows = await ReadAllAsync();
        Assert.Equal(10, rows.Count);
        Assert.All(rows, row => Assert.Equal(10, row["Version"]));
    }

    [Fact]
    public async Task A_life_sign_moves_no_version()
    {
        await BeginAsync();
        await AddAsync(port: 1, version: 0);

        await Queries.RunAsync("UpdateIAmAlivetimeKey", [.. Address(1), Time("IAmAliveTime", Start.AddHours(1))]);

        var row = Assert.Single(await ReadAsync(1));
        Assert.Equal((1, Start.AddHours(1)), ((int)row["Version"]!, (DateTime)row["IAmAliveTime"]!));
    }

    [Fact]
    public async Task Gateways_are_the_active_silos_that_have_a_proxy_port()
    {
        await BeginAsync();
        await AddAsync(port: 1, version: 0);
        await AddAsync(port: 2, version: 1, Active);
        await AddAsync(port: 3, version: 2, Active, proxyPort: 0);
        await AddAsync(port: 4, version: 3, Dead);

        var row = Assert.Single(await Queries.RunAsync("GatewaysQueryKey", Text("DeploymentId", Cluster), Number("Status", Active)));

        Assert.Equal(("10.0.0.1", 30002, 77), ((string)row["Address"]!, (int)row["ProxyPort"]!, (int)row["Generation"]!));
        Assert.Empty(await Queries.RunAsync("GatewaysQueryKey", Text("DeploymentId", "another"), Number("Status", Active)));
    }

    [Fact]
    public async Task Dead_silos_older_than_a_time_are_cleaned_up_and_no_others()
    {
        await BeginAsync();
        await AddAsync(port: 1, version: 0, Dead);
        await AddAsync(port: 2, version: 1, Active);
        await AddAsync(port: 3, version: 2, Dead);
        await Queries.RunAsync("UpdateIAmAlivetimeKey", [.. Address(3), Time("IAmAliveTime", Start.AddDays(7))]);

        await Queries.RunAsync("CleanupDefunctSiloEntriesKey", Text("DeploymentId", Cluster), Time("IAmAliveTime", Start.AddDays(1)));

        Assert.Equal([2, 3], (await ReadAllAsync()).Select(row => (int)row["Port"]!).Order());
    }

    [Fact]
    public async Task A_cluster_is_deleted_with_its_silos_and_others_stay()
    {
        await BeginAsync();
        await AddAsync(port: 1, version: 0);
        await Queries.AskAsync("InsertMembershipVersionKey", Text("DeploymentId", "another"));

        await Queries.RunAsync("DeleteMembershipTableEntriesKey", Text("DeploymentId", Cluster));

        Assert.Empty(await ReadAllAsync());
        Assert.Single(await Queries.RunAsync("MembershipReadAllKey", Text("DeploymentId", "another")));
        Assert.True(await BeginAsync());
        Assert.Null(Assert.Single(await ReadAllAsync())["StartTime"]);
    }

    private Task<bool> BeginAsync() => Queries.AskAsync("InsertMembershipVersionKey", Text("DeploymentId", Cluster));

    private Task<bool> AddAsync(int port, int version, int status = Joining, int? proxyPort = null) => Queries.AskAsync(
        "InsertMembershipKey",
        [
            .. Address(port), Text("SiloName", $"silo-{port}"), Text("HostName", "host"), Number("Status", status),
            Number("ProxyPort", proxyPort ?? 30000 + port), Time("StartTime", Start), Time("IAmAliveTime", Start.AddSeconds(1)),
            Number("Version", version),
        ]);

    private Task<bool> ChangeAsync(int port, int version, int status, string? suspects = null, DateTime? alive = null) => Queries.AskAsync(
        "UpdateMembershipKey",
        [.. Address(port), Time("IAmAliveTime", alive ?? Start), Number("Status", status), Text("SuspectTimes", suspects), Number("Version", version)]);

    private Task<List<ProviderQueries.Row>> ReadAllAsync() => Queries.RunAsync("MembershipReadAllKey", Text("DeploymentId", Cluster));

    private Task<List<ProviderQueries.Row>> ReadAsync(int port) => Queries.RunAsync("MembershipReadRowKey", Address(port));

    private static (string, object?, Type)[] Address(int port) =>
        [Text("DeploymentId", Cluster), Text("Address", "10.0.0.1"), Number("Port", port), Number("Generation", 77)];
}
