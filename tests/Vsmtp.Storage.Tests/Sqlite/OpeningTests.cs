using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Vsmtp.Contracts.Content;
using Vsmtp.Storage.Migrations;
using Vsmtp.Storage.Sqlite;
using Vsmtp.Storage.Sqlite.Migrations;

namespace Vsmtp.Storage.Tests.Sqlite;

public sealed class OpeningTests : IDisposable
{
    private static readonly Migration First = new(1, "0001-first.sql", "CREATE TABLE one (n INTEGER) STRICT; INSERT INTO one VALUES (1);");
    private static readonly Migration Second = new(2, "0002-second.sql", "CREATE TABLE two (n INTEGER) STRICT; INSERT INTO two VALUES (2);");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_empty_folder_becomes_a_store_that_only_its_owner_reads()
    {
        var path = System.IO.Path.Combine(_folder.Path, "spool", "queues", "vsmtp.db");
        await using (Open(path)) Assert.True(File.Exists(path));

        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.False(File.Exists(path + "-wal"), "The log is empty after a clean end.");
        await using (Open(path)) Assert.NotEmpty(Migrator.All);
    }

    [Fact]
    public async Task Every_commit_is_synced()
    {
        await using var store = Open(_folder.File("vsmtp.db"));
        var (mode, synchronous) = await store.Writes.RunAsync(writer =>
        {
            using var row = writer.Use("PRAGMA journal_mode");
            row.Step();
            return (row.Text(0), Number(writer, "PRAGMA synchronous"));
        });

        Assert.Equal(("wal", 2), (mode, synchronous));
    }

    [Fact]
    public void The_migrations_of_this_program_are_numbered_without_gaps()
    {
        Assert.Equal(Enumerable.Range(1, Migrator.All.Length).Select(number => (long)number), Migrator.All.Select(migration => migration.Version));
        Assert.Equal("0001-initial.sql", Migrator.All[0].Name);
    }

    [Fact]
    public void Migrations_are_applied_once_and_in_order()
    {
        using var writer = Writer();
        Migrator.Apply(writer, [First]);
        Migrator.Apply(writer, [First, Second]);
        Migrator.Apply(writer, [First, Second]);

        Assert.Equal(2, Migrator.Check(writer, [First, Second]));
        Assert.Equal([1L, 2L], [Number(writer, "SELECT count(*) FROM one"), Number(writer, "SELECT n FROM two")]);
    }

    [Fact]
    public void A_migration_that_fails_halfway_leaves_the_version_before()
    {
        using var writer = Writer();
        var broken = Second with { Sql = "CREATE TABLE two (n INTEGER) STRICT; INSERT INTO nowhere VALUES (1);" };

        Assert.Throws<SqliteException>(() => Migrator.Apply(writer, [First, broken]));

        Assert.Equal(1, Migrator.Check(writer, [First, broken]));
        Assert.Equal(0, Number(writer, "SELECT count(*) FROM sqlite_schema WHERE name = 'two'"));
        Migrator.Apply(writer, [First, Second]);
        Assert.Equal(2, Number(writer, "SELECT n FROM two"));
    }

    [Fact]
    public async Task Messages_that_were_kept_in_chunks_before_these_had_a_number_are_read_as_they_were()
    {
        var (first, second) = (new byte[256 * 1024], new byte[1000]);
        new Random(1).NextBytes(first);
        new Random(2).NextBytes(second);
        using (var writer = Writer())
        {
            Migrator.Apply(writer, Migrator.All[..2]);
            writer.Use("INSERT INTO content (id, key, mail_id, length, sha256, is_complete, staged_at, staged_by) VALUES (7, 'k', 'm', ?, '', 1, 0, 'x')")
                .With(first.Length + second.Length).Run();
            writer.Use("INSERT INTO content_chunk (content_id, number, bytes) VALUES (7, 0, ?), (7, 1, ?)").WithBlob(first).WithBlob(second).Run();
        }

        await using var store = Open(_folder.File("test.db"));
        await using var stream = await store.Contents.OpenReadAsync(new ContentId("k", first.Length + second.Length, ""), CancellationToken.None);
        using var read = new MemoryStream();
        await stream.CopyToAsync(read, TestContext.Current.CancellationToken);
        Assert.Equal([.. first, .. second], read.ToArray());
    }

    [Fact]
    public void Where_mails_slept_before_that_was_a_column_is_read_from_their_states()
    {
        using var writer = Writer();
        Migrator.Apply(writer, [Migrator.All[0]]);
        Insert("a", "delegated", "Delegated", null, """{"Visits":[{"Stage":"postq","Directive":"scan it"}]}""");
        Insert("b", "quarantine/rule-set", "Quarantine", "rule-set", """{"Visits":[{"Stage":"delivery","Directive":"archive"}]}""");
        Insert("c", "quarantine/rule-set", "Quarantine", "rule-set", "{}");
        Insert("d", "deferred", "Deferred", null, """{"Visits":[{"Stage":"postq","Directive":"scan it"}]}""");

        Migrator.Apply(writer, Migrator.All);

        var places = new List<string?>();
        using var row = writer.Use("SELECT sleeps_at FROM mail ORDER BY id");
        while (row.Step()) places.Add(row.TextOrNull(0));
        Assert.Equal(["postq scan it", "delivery archive", null, null], places);

        void Insert(string id, string queue, string phase, string? quarantine, string state) => writer.Use("""
            INSERT INTO mail (id, version, queue, phase, quarantine, rule_set, sender, recipients, subject, bytes, since, attempts, reason, events, state)
            VALUES (?, 1, ?, ?, ?, 'set', '', '[]', '', 0, 0, 0, '', 0, ?)
            """).With(id).With(queue).With(phase).With(quarantine).With(state).Run();
    }

    [Fact]
    public void A_database_copied_between_two_migrations_goes_on_from_there()
    {
        using (var writer = Writer())
        {
            Migrator.Apply(writer, [First]);

            // What a power cut leaves: the files as they are, the connection never closed.
            foreach (var suffix in new[] { "", "-wal" }) File.Copy(_folder.File("test.db") + suffix, _folder.File("copy.db") + suffix);
        }

        using var copy = new SqliteFile(_folder.File("copy.db")).OpenWriter();
        Assert.Equal(1, Migrator.Check(copy, [First, Second]));
        Migrator.Apply(copy, [First, Second]);
        Assert.Equal([1L, 2L], [Number(copy, "SELECT n FROM one"), Number(copy, "SELECT n FROM two")]);
    }

    [Fact]
    public async Task A_database_of_a_newer_program_is_refused_untouched()
    {
        var path = _folder.File("vsmtp.db");
        await using (var store = Open(path))
        {
            await store.Writes.RunAsync(writer => writer.Run("INSERT INTO schema_version (version, name) VALUES (9999, '9999-future.sql')"));
        }

        var fault = Assert.Throws<StoreUnusableException>(() => Open(path));

        Assert.Contains("9999", fault.Message, StringComparison.Ordinal);
        Assert.Contains("newer program", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_database_of_another_program_is_refused_untouched()
    {
        using (var writer = Writer()) writer.Run("CREATE TABLE theirs (n INTEGER)");

        var fault = Assert.Throws<StoreUnusableException>(() => Open(_folder.File("test.db")));

        Assert.Contains("another program", fault.Message, StringComparison.Ordinal);
        using var session = new SqliteFile(_folder.File("test.db")).OpenReader();
        Assert.Equal(1, Number(session, "SELECT count(*) FROM sqlite_schema"));
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused_untouched()
    {
        var path = _folder.File("letter.txt");
        var text = string.Concat(Enumerable.Repeat("Dear Jenny, ", 1000));
        File.WriteAllText(path, text);

        var fault = Assert.Throws<StoreUnusableException>(() => Open(path));

        Assert.Contains("no SQLite database", fault.Message, StringComparison.Ordinal);
        Assert.Contains(path, fault.Message, StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllText(path));
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_named()
    {
        File.WriteAllText(_folder.File("file"), "");
        var path = System.IO.Path.Combine(_folder.File("file"), "vsmtp.db");

        var fault = Assert.Throws<StoreUnusableException>(() => Open(path));

        Assert.Contains(path, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_opening_that_breaks_off_within_the_counters_leaves_them_as_they_were()
    {
        var path = _folder.File("vsmtp.db");
        await using (var store = Open(path))
        {
            await store.Writes.RunAsync(writer =>
            {
                writer.Run("INSERT INTO counter (name, process, value) VALUES ('total/accepted', 'a process before', 7)");
                return writer.Run("CREATE TRIGGER break_off BEFORE DELETE ON counter BEGIN SELECT RAISE(ABORT, 'broken off'); END");
            });
        }

        Assert.ThrowsAny<Exception>(() => Open(path));
        Assert.ThrowsAny<Exception>(() => Open(path));

        using var writer = new SqliteFile(path).OpenWriter();
        Assert.Equal(7, Number(writer, "SELECT sum(value) FROM counter WHERE name = 'total/accepted'"));
    }

    [Fact]
    public void A_path_that_is_a_folder_is_refused()
    {
        Assert.Throws<StoreUnusableException>(() => Open(_folder.Path));
    }

    private static SqliteStore Open(string path) =>
        SqliteStore.Open(new SqliteStoreOptions { Path = path }, StoreIncarnation.Create(), TimeProvider.System, NullLoggerFactory.Instance);

    private static long Number(SqliteSession session, string sql)
    {
        using var row = session.Use(sql);
        return row.Step() ? row.Number(0) : -1;
    }

    private SqliteSession Writer()
    {
        var file = new SqliteFile(_folder.File("test.db"));
        file.Create();
        return file.OpenWriter();
    }
}
