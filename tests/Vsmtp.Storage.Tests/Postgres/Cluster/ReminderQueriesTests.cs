namespace Vsmtp.Storage.Tests.Postgres.Cluster;

public sealed class ReminderQueriesTests : ClusterContract
{
    private static readonly DateTime Start = new(2026, 8, 1, 12, 0, 0, 123, DateTimeKind.Utc);

    [Fact]
    public async Task A_reminder_is_read_back_as_it_was_put_and_each_put_has_a_new_version()
    {
        Assert.Equal(1, await PutAsync("mail/m-1", "safety", hash: 5, Number("Period", 60_000)));
        Assert.Equal(2, await PutAsync("mail/m-1", "safety", hash: 5, Large("Period", 90L * 24 * 3600 * 1000)));
        Assert.Equal(1, await PutAsync("mail/m-1", "other", hash: 5, Number("Period", 60_000)));

        var row = Assert.Single(await Queries.RunAsync("ReadReminderRowKey", [.. Grain("mail/m-1"), Text("ReminderName", "safety")]));

        Assert.Equal(("mail/m-1", "safety", Start), ((string)row["GrainId"]!, (string)row["ReminderName"]!, (DateTime)row["StartTime"]!));
        Assert.Equal((90L * 24 * 3600 * 1000, 2), ((long)row["Period"]!, Convert.ToInt32(row["Version"])));
        Assert.Equal(2, (await Queries.RunAsync("ReadReminderRowsKey", Grain("mail/m-1"))).Count);
        Assert.Empty(await Queries.RunAsync("ReadReminderRowKey", [.. Grain("mail/m-2"), Text("ReminderName", "safety")]));
    }

    [Theory]
    [InlineData(0u, 10u, new[] { 5u, 10u })]
    [InlineData(5u, 10u, new[] { 10u })]
    [InlineData(10u, 0xffffffffu, new[] { 0x7fffffffu, 0x80000000u, 0xffffffffu })]
    [InlineData(0x7ffffffeu, 0x80000000u, new[] { 0x7fffffffu, 0x80000000u })]
    [InlineData(0x80000000u, 5u, new[] { 0u, 5u, 0xffffffffu })]
    [InlineData(0xfffffff0u, 0u, new[] { 0u, 0xffffffffu })]
    [InlineData(7u, 7u, new[] { 0u, 5u, 10u, 0x7fffffffu, 0x80000000u, 0xffffffffu })]
    public async Task A_range_of_the_ring_is_open_at_its_beginning_closed_at_its_end_and_may_wrap(uint begin, uint end, uint[] expected)
    {
        foreach (var hash in new[] { 0u, 5u, 10u, 0x7fffffffu, 0x80000000u, 0xffffffffu })
        {
            await PutAsync($"mail/{hash}", "safety", (int)hash, Number("Period", 60_000));
        }

        // As the provider chooses: by numbers with a sign.
        var key = (int)begin < (int)end ? "ReadRangeRows1Key" : "ReadRangeRows2Key";
        var rows = await Queries.RunAsync(key, Text("ServiceId", "site"), Number("BeginHash", (int)begin), Number("EndHash", (int)end));

        Assert.Equal(expected.Select(hash => $"mail/{hash}").Order(), rows.Select(row => (string)row["GrainId"]!).Order());
    }

    [Fact]
    public async Task A_reminder_is_deleted_by_the_version_that_was_read_and_by_no_other()
    {
        await PutAsync("mail/m-1", "safety", hash: 5, Number("Period", 60_000));
        await PutAsync("mail/m-1", "safety", hash: 5, Number("Period", 60_000));

        Assert.False(await DeleteAsync(1));
        Assert.True(await DeleteAsync(2));
        Assert.False(await DeleteAsync(2));
    }

    [Fact]
    public async Task Puts_at_once_all_succeed_with_versions_of_their_own()
    {
        var versions = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => PutAsync("mail/m-1", "safety", hash: 5, Number("Period", 60_000))));

        Assert.Equal(Enumerable.Range(1, 10), versions.Order());
    }

    [Fact]
    public async Task All_reminders_of_one_service_are_deleted_and_those_of_others_stay()
    {
        await PutAsync("mail/m-1", "safety", hash: 5, Number("Period", 60_000));
        await RunAsync("INSERT INTO vsmtp_cluster.reminder SELECT 'another', grain, name, grain_hash, started_at, period, version FROM vsmtp_cluster.reminder");

        await Queries.RunAsync("DeleteReminderRowsKey", Text("ServiceId", "site"));

        Assert.Empty(await Queries.RunAsync("ReadReminderRowsKey", Grain("mail/m-1")));
        Assert.Single(await Queries.RunAsync("ReadReminderRowsKey", Text("ServiceId", "another"), Text("GrainId", "mail/m-1")));
    }

    private async Task<int> PutAsync(string grain, string name, int hash, (string, object?, Type) period)
    {
        var rows = await Queries.RunAsync(
            "UpsertReminderRowKey", [.. Grain(grain), Text("ReminderName", name), Number("GrainHash", hash), Time("StartTime", Start), period]);
        return Convert.ToInt32(rows.First()["Version"]);
    }

    private Task<bool> DeleteAsync(int version) =>
        Queries.AskAsync("DeleteReminderRowKey", [.. Grain("mail/m-1"), Text("ReminderName", "safety"), Number("Version", version)]);

    private static (string, object?, Type)[] Grain(string grain) => [Text("ServiceId", "site"), Text("GrainId", grain)];
}
