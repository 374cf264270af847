namespace Vsmtp.Storage.Tests.Postgres.Cluster;

/// <summary>Grain states: the version is the ETag, and a conflict is no row.</summary>
public sealed class GrainStateQueriesTests : ClusterContract
{
    [Fact]
    public async Task A_state_is_written_read_and_written_again()
    {
        Assert.Empty(await Queries.RunAsync("ReadFromStorageKey", Key("d-example")));

        Assert.Equal(1, await WriteAsync("d-example", null, [1]));
        Assert.Equal(2, await WriteAsync("d-example", 1, [2, 3]));

        var row = Assert.Single(await Queries.RunAsync("ReadFromStorageKey", Key("d-example")));
        Assert.Equal([2, 3], (byte[])row["PayloadBinary"]!);
        Assert.Equal(2, row["Version"]);
    }

    [Fact]
    public async Task A_stale_version_and_a_second_first_write_change_nothing()
    {
        await WriteAsync("d-example", null, [1]);
        await WriteAsync("d-example", 1, [2]);

        Assert.Null(await WriteAsync("d-example", 1, [9]));
        Assert.Null(await WriteAsync("d-example", null, [9]));
        Assert.Null(await WriteAsync("d-other", 1, [9]));
        Assert.Null(await ChangeAsync("ClearStorageKey", "d-example", 1));
        Assert.Null(await ChangeAsync("DeleteStorageKey", "d-example", 1));

        var row = Assert.Single(await Queries.RunAsync("ReadFromStorageKey", Key("d-example")));
        Assert.Equal([2], (byte[])row["PayloadBinary"]!);
        Assert.Equal(2, row["Version"]);
    }

    [Theory]
    [InlineData("d-example")]
    [InlineData(null)]
    public async Task Of_first_writes_at_once_exactly_one_is_applied_with_and_without_a_text_key(string? key)
    {
        for (var round = 0L; round < 10; round++)
        {
            var written = await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => WriteAsync(key, null, [(byte)writer], round)));
            Assert.Equal(1, Assert.Single(written, version => version is not null));
            Assert.Single(await Queries.RunAsync("ReadFromStorageKey", Key(key, round)));
        }
    }

    [Fact]
    public async Task Of_writes_at_once_that_expect_one_version_exactly_one_is_applied()
    {
        await WriteAsync("d-example", null, [0]);
        for (var version = 1; version < 10; version++)
        {
            var written = await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => WriteAsync("d-example", version, [(byte)writer])));
            Assert.Equal(version + 1, Assert.Single(written, one => one is not null));
        }
    }

    [Fact]
    public async Task A_cleared_state_keeps_its_version_so_that_nobody_writes_over_the_clearing_unknowing()
    {
        await WriteAsync("d-example", null, [1]);

        Assert.Equal(2, await ChangeAsync("ClearStorageKey", "d-example", 1));

        var row = Assert.Single(await Queries.RunAsync("ReadFromStorageKey", Key("d-example")));
        Assert.Equal((null, 2), ((byte[]?)row["PayloadBinary"], (int)row["Version"]!));
        Assert.Null(await WriteAsync("d-example", 1, [9]));
        Assert.Equal(3, await WriteAsync("d-example", 2, [3]));
    }

    [Fact]
    public async Task A_deleted_state_is_gone_and_answers_with_the_version_after_its_last()
    {
        await WriteAsync("d-example", null, [1]);

        Assert.Equal(2, await ChangeAsync("DeleteStorageKey", "d-example", 1));

        Assert.Empty(await Queries.RunAsync("ReadFromStorageKey", Key("d-example")));
        Assert.Equal(1, await WriteAsync("d-example", null, [2]));
    }

    [Fact]
    public async Task Keys_that_share_their_hashes_are_kept_apart()
    {
        string?[] keys = ["d-a", "d-A", "", null];
        foreach (var key in keys) Assert.Equal(1, await WriteAsync(key, null, [7]));
        Assert.Equal(1, await WriteAsync("d-a", null, [7], n1: 5));

        foreach (var key in keys) Assert.Single(await Queries.RunAsync("ReadFromStorageKey", Key(key)));
    }

    [Fact]
    public async Task An_empty_payload_is_a_state()
    {
        await WriteAsync("d-example", null, []);

        var row = Assert.Single(await Queries.RunAsync("ReadFromStorageKey", Key("d-example")));
        Assert.Empty((byte[])row["PayloadBinary"]!);
    }

    private async Task<int?> WriteAsync(string? key, int? version, byte[] payload, long n1 = 0)
    {
        var rows = await Queries.RunAsync(
            "WriteToStorageKey", [.. Key(key, n1), Number("GrainStateVersion", version), Bytes("PayloadBinary", payload)]);
        return (int?)rows.SingleOrDefault()?["NewGrainStateVersion"];
    }

    private async Task<int?> ChangeAsync(string query, string? key, int? version)
    {
        var rows = await Queries.RunAsync(query, [.. Key(key), Number("GrainStateVersion", version)]);
        return (int?)rows.SingleOrDefault()?.Values.First();
    }

    private static (string, object?, Type)[] Key(string? extension, long n1 = 0) =>
    [
        Number("GrainIdHash", -5), Large("GrainIdN0", 0), Large("GrainIdN1", n1), Number("GrainTypeHash", 9), Text("GrainTypeString", "pace"),
        Text("GrainIdExtensionString", extension), Text("ServiceId", "site"),
    ];
}
