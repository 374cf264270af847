using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Vsmtp.Contracts.Content;
using Vsmtp.Storage.Postgres;
using Vsmtp.Storage.Postgres.Migrations;

namespace Vsmtp.Storage.Tests.Postgres;

/// <summary>What earlier programs have left in a store.</summary>
public sealed class PostgresMigrationTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Messages_that_were_kept_in_chunks_before_these_were_in_pieces_are_read_as_they_were()
    {
        var server = await PostgresServer.ShareAsync();
        var database = await server.TakeDatabaseAsync();
        var options = PostgresUnderTest.OptionsOf(server.Port, database);
        byte[] whole = new byte[(256 * 1024) + 1000], small = new byte[70_000];
        new Random(1).NextBytes(whole);
        new Random(2).NextBytes(small);
        using (var writer = PostgresConnections.OpenKept(options, PostgresSchema.Mail, "test"))
        {
            PostgresMigrator.Apply(writer, options, PostgresSchema.Mail with { Migrations = PostgresSchema.Mail.Migrations[..4] });
            await PutAsync(writer, "k", whole[..(256 * 1024)], whole[(256 * 1024)..]);
            await PutAsync(writer, "l", small);
        }

        using (var claim = PostgresClaim.Acquire(options, ClaimMode.Exclusive))
        {
            await using var store = PostgresStore.Open(options, claim, NullLoggerFactory.Instance);
            Assert.Equal(whole, await ReadAsync(store, "k", whole.Length));
            Assert.Equal(small, await ReadAsync(store, "l", small.Length));
        }

        await server.GiveBackAsync(database);
    }

    private static async Task PutAsync(NpgsqlConnection writer, string key, params byte[][] chunks)
    {
        await using var put = new NpgsqlCommand("""
            WITH whole AS (
              INSERT INTO content (key, mail_id, length, sha256, is_complete, staged_at, staged_by) VALUES ($1, 'm', $2, '', true, 0, 'x') RETURNING id)
            INSERT INTO content_chunk (content_id, number, bytes) SELECT id, n - 1, bytes FROM whole, unnest($3) WITH ORDINALITY AS c (bytes, n)
            """, writer)
        {
            Parameters = { new() { Value = key }, new() { Value = (long)chunks.Sum(chunk => chunk.Length) }, new() { Value = chunks } },
        };
        await put.ExecuteNonQueryAsync(Cancel);
    }

    private static async Task<byte[]> ReadAsync(PostgresStore store, string key, int length)
    {
        await using var stream = await store.Contents.OpenReadAsync(new ContentId(key, length, ""), Cancel);
        using var read = new MemoryStream();
        await stream.CopyToAsync(read, Cancel);
        return read.ToArray();
    }
}
